// What the runner offers an action that is written in JavaScript, as actions/toolkit
// spells it (packages/core), and nothing else of it.
'use strict';

const { randomUUID } = require('node:crypto');
const fs = require('node:fs');

// input is an input of the step, without white space around it.
function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] || '').trim();
}

// lines are the lines of an input that are not empty.
function lines(name) {
  return input(name).split('\n').map((line) => line.trim()).filter(Boolean);
}

// mask keeps a text out of the log from now on.
function mask(text) {
  command('add-mask', text);
}

// setOutput sets an output of the step.
function setOutput(name, text) {
  add('GITHUB_OUTPUT', name, text);
}

// saveState keeps a text for the end of the job, which other steps cannot read.
function saveState(name, text) {
  add('GITHUB_STATE', name, text);
}

// state is what saveState kept; '' if it did not.
function state(name) {
  return process.env[`STATE_${name}`] || '';
}

function add(file, name, text) {
  const end = `end_${randomUUID()}`;
  fs.appendFileSync(process.env[file], `${name}<<${end}\n${text}\n${end}\n`);
}

// fail makes the step fail, and says why.
function fail(message) {
  command('error title=nairi-emulator', message);
  process.exitCode = 1;
}

function warn(message) {
  command('warning title=nairi-emulator', message);
}

function command(name, text) {
  const data = text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  process.stdout.write(`::${name}::${data}\n`);
}

// without is the environment but for variables that begin so: a process that outlives the
// step keeps no token of the job.
function without(...beginnings) {
  const kept = Object.entries(process.env)
    .filter(([name]) => !beginnings.some((beginning) => name.toUpperCase().startsWith(beginning)));
  return Object.fromEntries(kept);
}

module.exports = { input, lines, mask, setOutput, saveState, state, fail, warn, without };
