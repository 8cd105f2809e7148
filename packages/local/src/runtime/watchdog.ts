import { type ChildProcess, spawn } from "node:child_process";

/** Ends the processes of a region that dies, also those too busy to notice it. */
export interface Watchdog {
  add(pid: number): void;
  remove(pid: number): void;
  stop(): void;
}

/** Keeps the list of processes that it is told, and kills them when its input ends, which is when the region is no more. */
const SCRIPT = `pids=" "
while read -r what pid; do
  case $what in
    add) pids="$pids$pid " ;;
    *) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid"; done`;

/**
 * Starts a watchdog, a shell that waits for the region's end; it starts with the first process. Where there is no shell
 * (Windows), a process ends by itself as soon as it is idle enough to notice that the region has died.
 */
export function startWatchdog(): Watchdog {
  let shell: ChildProcess | undefined;
  const tell = (line: string): void => {
    if (process.platform === "win32") return;
    shell ??= startShell();
    shell.stdin?.write(`${line}\n`);
  };
  return {
    add: (pid) => tell(`add ${pid}`),
    remove: (pid) => tell(`remove ${pid}`),
    stop: () => shell?.stdin?.end(),
  };
}

function startShell(): ChildProcess {
  // Detached: what ends the region's process group must not end this process before it has done its work.
  const shell = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  shell.once("error", () => {});
  shell.stdin.once("error", () => {});
  shell.unref();
  return shell;
}
