import json
import os
import urllib.request

env = os.environ
request = urllib.request.Request(
    f"{env['NAIRI_BASE_URL']}/api/public/v1/vaults/{env['VAULT_ID']}/secrets/{env['SECRET_ID']}",
    method="PATCH",
    headers={
        "Authorization": f"Bearer {env['NAIRI_API_KEY']}",
        "Content-Type": "application/json",
    },
    data=json.dumps({"value": env["SECRET_VALUE"], "allowed_domains": [env["ALLOWED_DOMAIN"]]}).encode(),
)
with urllib.request.urlopen(request, timeout=30) as response:
    print(json.dumps(json.load(response)))
