// Serves the page; ../README.md tells what it needs.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const { VITRINE_HOST = "http://localhost:8080", VITRINE_WORKSPACE = "SHOP", VITRINE_CLIENT_KEY, PORT = "3000" } = process.env;
if (!VITRINE_CLIENT_KEY) {
  console.error("VITRINE_CLIENT_KEY is needed: vitrine key create --client --origin http://localhost:3000");
  process.exit(1);
}
const files = {
  "/": ["text/html; charset=utf-8", () => readFileSync(new URL("index.html", import.meta.url))],
  "/main.js": ["text/javascript", () => readFileSync(new URL("dist/main.js", import.meta.url))],
  "/settings.json": ["application/json", () => JSON.stringify({ host: VITRINE_HOST, workspace: VITRINE_WORKSPACE, clientKey: VITRINE_CLIENT_KEY })],
};
createServer((request, response) => {
  const [type, read] = files[request.url] ?? [];
  response.writeHead(type ? 200 : 404, { "Content-Type": type ?? "text/plain" }).end(type ? read() : "There is no such page.");
}).listen(Number(PORT), "127.0.0.1", function () {
  console.log(`The shop is at http://localhost:${this.address().port}`);
});
