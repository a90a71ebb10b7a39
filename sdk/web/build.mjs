// Builds the module, the script for a tag and the types. The server carries the script: it is written there, too.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";

const maximumGzippedBytes = 6 * 1024;
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const common = { define: { Sdk: JSON.stringify(`vitrine-web/${version}`) }, bundle: true, minify: true, target: "es2019", legalComments: "none", banner: { js: "/* Vitrine web SDK, Apache-2.0 */" } };
await build({ ...common, entryPoints: ["src/index.ts"], format: "esm", outfile: "dist/vitrine.mjs" });
await build({ ...common, entryPoints: ["src/script.ts"], format: "iife", outfile: "dist/vitrine.js" });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc"], { stdio: "inherit" });
for (const file of ["dist/vitrine.mjs", "dist/vitrine.js"]) {
  const size = gzipSync(readFileSync(file), { level: 9 }).length;
  console.log(`${file}: ${size} bytes gzipped`);
  if (size > maximumGzippedBytes) {
    throw new Error(`${file} has ${size} bytes gzipped; it may have ${maximumGzippedBytes}`);
  }
}
copyFileSync("dist/vitrine.js", "../../src/Vitrine/WebSdk/wwwroot/vitrine.js");
