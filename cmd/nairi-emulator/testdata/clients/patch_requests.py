import json
import os

import requests

env = os.environ
response = requests.patch(
    f"{env['NAIRI_BASE_URL']}/api/public/v1/vaults/{env['VAULT_ID']}/secrets/{env['SECRET_ID']}",
    headers={"Authorization": f"Bearer {env['NAIRI_API_KEY']}"},
    json={"value": env["SECRET_VALUE"], "allowed_domains": [env["ALLOWED_DOMAIN"]]},
    timeout=30,
)
response.raise_for_status()
print(json.dumps(response.json()))
