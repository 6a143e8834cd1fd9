/** Finds names that a patch uses and the source does not have: such a bug would be found whatever the tests are worth. */
import ts from 'typescript';

/**
 * "Cannot find name" (2581, 2592: the name is `$`, which stands for nothing in new code), "Property does not exist", "No value exists in scope",
 * and "cannot be mixed without parentheses".
 */
const NONSENSE = new Set([2304, 2339, 2551, 2552, 2581, 2592, 18004, 5076]);

/** Answers what is wrong with `text` in the place of a file: names that are not there, and syntax. */
export function createNameCheck(files: readonly ts.SourceFile[]): (fileName: string, text: string) => string[] {
  const texts = new Map(files.map((file) => [file.fileName, { text: file.text, version: 0 }]));
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['lib.es2022.full.d.ts'],
      types: [],
      strict: true,
      noEmit: true,
    }),
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: (name) => `${texts.get(name)?.version ?? 0}`,
    getScriptSnapshot(name) {
      const text = texts.get(name)?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => process.cwd(),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
  });
  return (fileName, text) => {
    const before = texts.get(fileName) as { text: string; version: number };
    texts.set(fileName, { text, version: before.version + 1 });
    const found = [
      ...service.getSyntacticDiagnostics(fileName),
      ...service.getSemanticDiagnostics(fileName).filter(({ code }) => NONSENSE.has(code)),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    texts.set(fileName, { text: before.text, version: before.version + 2 });
    // A condition that is always true leaves nothing for what follows.
    return found.filter((message) => !message.includes("type 'never'"));
  };
}
