# The key and the value go in on file descriptors: other users of the machine
# can read a program's arguments.
printf '%s' "$BODY" |
  curl --silent --show-error --fail-with-body \
    --request PATCH \
    --header @/dev/fd/3 \
    --header 'Content-Type: application/json' \
    --data-binary @- \
    "$NAIRI_BASE_URL/api/public/v1/vaults/$VAULT_ID/secrets/$SECRET_ID" 3<<EOF
Authorization: Bearer $NAIRI_API_KEY
EOF
