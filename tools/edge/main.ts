// What an operator does about the edge when something is wrong: `edge status`, `edge set off finance --reason "..." --dry-run`.
import { runEdge } from './edge';

runEdge(process.argv.slice(2), process.env, (line) => console.log(line)).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
