import type { Command } from "commander";
import { CommandError } from "../command-error.ts";

/** A command with what may follow it: its subcommands and its options. */
interface Completed {
  /** The words before, such as `failures list`; "" for none. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly says: string }[];
  readonly options: readonly { readonly name: string; readonly says: string }[];
}

const SCRIPTS: Readonly<Record<string, (program: string, tree: readonly Completed[]) => string>> = {
  bash,
  zsh: (program, tree) => `autoload -U +X bashcompinit && bashcompinit\n${bash(program, tree)}`,
  fish,
};

/** `reliq completion <shell>`: prints the script that completes commands and options in a shell. */
export function completion(program: Command, shell: string): void {
  const script = SCRIPTS[shell];
  if (!script) {
    throw new CommandError(
      `There is no completion for ${JSON.stringify(shell)}: it takes ${Object.keys(SCRIPTS).join(", ")}.`,
    );
  }
  console.log(script(program.name(), treeOf(program, [])));
}

function treeOf(command: Command, path: readonly string[]): readonly Completed[] {
  const commands = command.commands.map((each) => ({ name: each.name(), says: each.description() }));
  const options = [
    ...command.options.flatMap(({ long, description }) => (long ? [{ name: long, says: description }] : [])),
    { name: "--help", says: "display help for command" },
  ];
  const below = command.commands.flatMap((each) => treeOf(each, [...path, each.name()]));
  return [{ path: path.join(" "), commands, options }, ...below];
}

/** Walks the words to the command that they name, and offers what may follow it; files where a command has nothing but options. */
function bash(program: string, tree: readonly Completed[]): string {
  const cases = tree.map(({ path, commands, options }) => {
    const words = [...commands, ...options].map(({ name }) => name).join(" ");
    return `    ${JSON.stringify(path)}) words=${JSON.stringify(words)} ;;`;
  });
  const paths = tree.map(({ path }) => JSON.stringify(path)).slice(1);
  return `# Completion of ${program}: put \`source <(${program} completion bash)\` into ~/.bashrc
_${program}() {
  local current=\${COMP_WORDS[COMP_CWORD]} path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.join("|")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${program} ${program}`;
}

function fish(program: string, tree: readonly Completed[]): string {
  const lines = tree.flatMap(({ path, commands, options }) => {
    const names = commands.map(({ name }) => name);
    const seen = path
      .split(" ")
      .filter(Boolean)
      .map((word) => `__fish_seen_subcommand_from ${word}`);
    const notYet = names.length > 0 ? [`not __fish_seen_subcommand_from ${names.join(" ")}`] : [];
    const when = quote([...seen, ...notYet].join("; and ") || "true");
    return [
      ...commands.map(({ name, says }) => `complete -c ${program} -f -n ${when} -a ${name} -d ${quote(says)}`),
      ...options.map(({ name, says }) => `complete -c ${program} -n ${when} -l ${name.slice(2)} -d ${quote(says)}`),
    ];
  });
  return [
    `# Completion of ${program}: ${program} completion fish > ~/.config/fish/completions/${program}.fish`,
    ...lines,
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
