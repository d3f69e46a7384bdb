// Compares what the emulator holds with what it should, and ends it.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const runner = require('./runner.js');

// listening is where the emulator listens; undefined if it never did. If main.js was ended
// by a cancel before it could say so, the file has it that the emulator itself wrote.
function listening() {
  const said = runner.state('ready');
  try {
    return JSON.parse(said || fs.readFileSync(path.join(runner.state('folder'), 'ready'), 'utf8'));
  } catch {
    return undefined;
  }
}

// run runs a verb of the emulator's program on the one that main.js started.
function run(emulator, verb, ...args) {
  const ca = emulator.ca_file;
  const { status, stdout, stderr, error } = spawnSync(
    runner.state('program'),
    [verb, '-base-url', emulator.base_url, ...(ca ? ['-ca-file', ca] : []), ...args],
    {
      env: { ...process.env, NAIRI_EMULATOR_ADMIN_KEY: runner.state('admin_key') },
      stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', windowsHide: true,
    },
  );
  return { status, stdout, problems: error ? error.message : stderr.trim() };
}

// differs is the exit code of verify for vaults that are not as they should be.
const differs = 3;

// verify holds the vaults against the manifests, while the emulator still has them.
function verify(emulator, manifests) {
  // A name that begins with - is no flag: it could send the admin key elsewhere.
  const { status, stdout, problems } = run(emulator, 'verify', '--', ...manifests);
  if (status === 0) {
    process.stdout.write(stdout);
  } else if (status === differs) {
    runner.fail(`The vaults of the emulator are not as ${manifests.join(', ')} says:\n${stdout.trim()}`);
  } else {
    runner.fail(`The vaults of the emulator could not be compared with ${manifests.join(', ')}:\n${problems}`);
  }
}

function post() {
  const emulator = runner.state('folder') && listening();
  if (!emulator) {
    return; // as main.js has said
  }
  const manifests = runner.lines('expect');
  if (manifests.length > 0) {
    verify(emulator, manifests);
  }
  const { status, problems } = run(emulator, 'stop');
  if (status !== 0) {
    runner.warn(`The emulator could not be ended:\n${problems}`);
    return;
  }
  // Windows keeps the files of a process for a moment. What stays is the runner's to remove.
  fs.rm(runner.state('folder'), { recursive: true, force: true, maxRetries: 5 }, () => {});
}

post();
