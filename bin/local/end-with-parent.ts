// Loaded into a Node tool before its own code (`--import`): ends it, and all it started, once whoever holds the
// other end of its standard input is gone, however that one went.
process.stdin.on('end', () => process.kill(0, 'SIGKILL')).resume();
process.stdin.on('error', () => process.kill(0, 'SIGKILL'));
// `unref` is only there where standard input is a pipe or a socket.
if ('unref' in process.stdin) process.stdin.unref();
