/** Finds names that a patch uses and the source does not have: such a bug would be found whatever the tests are worth. */
import ts from 'typescript';

/**
 * "Cannot find name" (2581, 2592: the name is `$`, which stands for nothing in new code), "Property does not exist", "No value exists in
 * scope", and "cannot be mixed without parentheses".
 */
const NONSENSE = new Set([2304, 2339, 2551, 2552, 2581, 2592, 18004, 5076]);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.full.d.ts'],
  types: [],
  strict: true,
  noEmit: true,
};

/**
 * Answers for each text, which stands in the place of a file, what is wrong with it: names that are not there, and syntax. One program
 * checks them all, each as a neighbour of its file.
 */
export function nonsenseIn(patched: readonly { readonly fileName: string; readonly text: string }[]): string[][] {
  const texts = new Map(patched.map(({ fileName, text }, i) => [fileName.replace(/\.ts$/, `-${i}.ts`), text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return [...texts.keys()].map((name) => {
    const file = program.getSourceFile(name);
    return (
      [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file).filter(({ code }) => NONSENSE.has(code)),
      ]
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
        // A condition that is always true leaves nothing for what follows.
        .filter((message) => !message.includes("type 'never'"))
    );
  });
}
