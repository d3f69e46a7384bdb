const env = process.env;
const url = `${env.NAIRI_BASE_URL}/api/public/v1/vaults/${env.VAULT_ID}/secrets/${env.SECRET_ID}`;

async function main() {
  const response = await fetch(url, {
    method: "PATCH",
    headers: {
      Authorization: `Bearer ${env.NAIRI_API_KEY}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({
      value: env.SECRET_VALUE,
      allowed_domains: [env.ALLOWED_DOMAIN],
    }),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  console.log(JSON.stringify(await response.json()));
}

main();
