require "json"
require "net/http"
require "uri"

uri = URI("#{ENV.fetch('NAIRI_BASE_URL')}/api/public/v1/vaults/#{ENV.fetch('VAULT_ID')}/secrets/#{ENV.fetch('SECRET_ID')}")
request = Net::HTTP::Patch.new(uri)
request["Authorization"] = "Bearer #{ENV.fetch('NAIRI_API_KEY')}"
request["Content-Type"] = "application/json"
request.body = JSON.generate(
  "value" => ENV.fetch("SECRET_VALUE").dup.force_encoding("UTF-8"),
  "allowed_domains" => [ENV.fetch("ALLOWED_DOMAIN")]
)
response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == "https") { |http| http.request(request) }
abort "status #{response.code}" unless response.is_a?(Net::HTTPSuccess)
puts JSON.generate(JSON.parse(response.body))
