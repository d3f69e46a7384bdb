// Starts the emulator for the later steps of the job.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { findBash } = require('./bash.js');
const runner = require('./runner.js');

// startTimeout is how long the emulator may take to listen, in milliseconds.
const startTimeout = 60_000;

// provide returns where the emulator of this commit is, as launch.sh finds, fetches or
// builds it; undefined if it cannot, which launch.sh has said then.
function provide() {
  const bash = findBash(process.platform, process.env, fs.existsSync);
  if (!bash) {
    runner.fail('There is no bash on this runner. Install Git for Windows, which has one.');
    return undefined;
  }
  const script = path.join(__dirname, '..', 'scripts', 'launch.sh').replaceAll('\\', '/');
  const run = spawnSync(bash, [script, 'nairi-emulator'], {
    env: runner.without('INPUT_', 'GITHUB_OUTPUT'), stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', windowsHide: true,
  });
  if (run.error) {
    runner.fail(`bash cannot be started: ${run.error.message}. Install it on this runner.`);
    return undefined;
  }
  const said = run.stdout.trimEnd().split('\n');
  const program = run.status === 0 ? said.pop().trim() : undefined;
  said.filter(Boolean).forEach((line) => console.log(line));
  if (!program) {
    process.exitCode = 1;
  }
  return program;
}

// flags are the inputs as the flags of the emulator; undefined if one is wrong.
function flags(folder) {
  const port = runner.input('port') || '0';
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65535) {
    runner.fail('port must be a number up to 65535, as in 8080, or 0 for any free port.');
    return undefined;
  }
  const tls = runner.input('tls') || 'false';
  if (tls !== 'true' && tls !== 'false') {
    runner.fail('tls must be true or false.');
    return undefined;
  }
  const vaultID = runner.input('vault_id');
  return [
    '-addr', `127.0.0.1:${port}`,
    ...(vaultID ? ['-vault-id', vaultID] : []),
    ...(tls === 'true' ? ['-tls', '-ca-file', path.join(folder, 'ca.pem')] : []),
    ...runner.lines('seed').flatMap((name) => ['-seed', name]),
    ...runner.lines('faults').flatMap((fault) => ['-fault', fault]),
  ];
}

// start runs the program beside the job, and returns what it says once it listens;
// undefined if it has ended. It has no stream of this step: GitHub's runner would wait
// for one and end who holds it (actions/runner, ProcessInvoker.cs), and others hang up
// the terminal of a step after it. RUNNER_TRACKING_ID stays, by which GitHub's runner
// finds what a job leaves behind if post.js could not run.
async function start(program, args, adminKey, folder) {
  const ready = path.join(folder, 'ready');
  const out = fs.openSync(ready, 'w');
  const errors = fs.openSync(path.join(folder, 'errors'), 'w');
  const child = spawn(program, args, {
    detached: true, stdio: ['ignore', out, errors], windowsHide: true,
    env: { ...runner.without('INPUT_', 'GITHUB_', 'ACTIONS_'), NAIRI_EMULATOR_ADMIN_KEY: adminKey },
  });
  let ended = false;
  child.on('exit', () => { ended = true; });
  child.on('error', () => { ended = true; });
  child.unref();
  fs.closeSync(out);
  fs.closeSync(errors);
  for (const until = Date.now() + startTimeout; !ended && Date.now() < until; await sleep(20)) {
    const line = fs.readFileSync(ready, 'utf8');
    if (line.endsWith('\n')) {
      return JSON.parse(line);
    }
  }
  child.kill();
  return undefined;
}

async function main() {
  const program = provide();
  if (!program) {
    return;
  }
  const folder = fs.mkdtempSync(path.join(process.env.RUNNER_TEMP || os.tmpdir(), 'nairi-emulator-'));
  const args = flags(folder);
  if (!args) {
    return;
  }
  const adminKey = randomBytes(32).toString('hex');
  runner.mask(adminKey);
  // Before there is a process: a cancel may come at any time.
  runner.saveState('program', program);
  runner.saveState('folder', folder);
  runner.saveState('admin_key', adminKey);

  const ready = await start(program, args, adminKey, folder);
  const said = fs.readFileSync(path.join(folder, 'errors'), 'utf8');
  if (!ready) {
    runner.fail(`The emulator did not start:\n${said.trimEnd() || 'it said nothing'}`);
    return;
  }
  process.stdout.write(said);
  runner.mask(ready.api_key);
  runner.saveState('ready', JSON.stringify({ base_url: ready.base_url, ca_file: ready.ca_file }));
  for (const name of ['base_url', 'api_key', 'vault_id', 'ca_file']) {
    runner.setOutput(name, ready[name] || '');
  }
  console.log(`The emulator of Nairi's API listens at ${ready.base_url} until the job ends.`);
}

main().catch((error) => runner.fail(error.message));
