// The conversation of a measured process with the one that measures; serve.py says what is said.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");

function answer(value) {
  process.stdout.write(JSON.stringify(value) + "\n");
}

// `make(workload)` returns {run(updates), parameters() -> {W, b}}.
exports.serve = async function serve(packages, make) {
  const versions = { node: process.versions.node };
  for (const name of packages) versions[name] = exports.version(name);
  let trainer = null;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (trainer === null) {
      trainer = make(request);
      answer({ versions });
    } else if ("updates" in request) {
      const began = process.hrtime.bigint();
      trainer.run(request.updates);
      answer({ seconds: Number(process.hrtime.bigint() - began) / 1e9 });
    } else {
      answer(trainer.parameters());
    }
  }
};

// Read from the package's own file, which not every package lets itself be asked for.
exports.version = function version(name) {
  const folders = require.resolve.paths(name);
  const file = folders
    .map((folder) => path.resolve(folder, name, "package.json"))
    .find((candidate) => fs.existsSync(candidate));
  return JSON.parse(fs.readFileSync(file, "utf8")).version;
};
