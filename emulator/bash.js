'use strict';

const path = require('node:path');

// findBash is the bash to run a script with. On Windows, the first one of the search path
// is often that of WSL, which sees other files and no variables: there it is the one that
// comes with Git, which the runner takes too.
function findBash(platform, env, exists) {
  if (platform !== 'win32') {
    return 'bash';
  }
  const { join, normalize } = path.win32;
  const searched = (env.PATH || env.Path || '').split(';').filter(Boolean);
  const besideGit = searched.filter((folder) => exists(join(folder, 'git.exe')))
    .flatMap((folder) => [join(folder, '..', 'bin', 'bash.exe'), join(folder, '..', '..', 'bin', 'bash.exe')]);
  const installed = [env.ProgramFiles, env.LOCALAPPDATA && join(env.LOCALAPPDATA, 'Programs')].filter(Boolean)
    .map((folder) => join(folder, 'Git', 'bin', 'bash.exe'));
  const others = searched.filter((folder) => !isWSL(normalize(folder), env)).map((folder) => join(folder, 'bash.exe'));
  return [...besideGit, ...installed, ...others].find(exists);
}

// isWSL reports whether a bash in a folder is WSL's: that of Windows, or an alias of the
// store.
function isWSL(folder, env) {
  const lower = `${folder.toLowerCase()}\\`;
  const windows = (env.SystemRoot || 'C:\\Windows').toLowerCase();
  return lower.startsWith(`${windows}\\`) || lower.includes('\\windowsapps\\');
}

module.exports = { findBash };
