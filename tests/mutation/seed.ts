/**
 * A bug, and where it goes.
 *
 * A place is a path of names: `on.close` is the entry `close` of the top-level `on`, `dial.onclose` the function that `dial` assigns to
 * `onclose`. It is looked for in all files; `outbound/sendBeat` names the file as well, where another file has the same name.
 */
import ts from 'typescript';
import { type Change, childrenOf } from './patch.ts';

/** Somebody's mistake: what they got wrong, where, and the change to the source. */
export type Bug = readonly [what: string, place: string, change: Change];

const nameOf = (node: ts.Node): string | undefined => {
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) return node.name.getText();
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return node.name?.getText();
  const isAssignment = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssignment && ts.isPropertyAccessExpression(node.left) ? node.left.name.text : undefined;
};

/** What has this name, as far outside as there is one. */
function within(place: ts.Node, name: string): readonly ts.Node[] {
  for (let level = childrenOf(place); level.length; level = level.flatMap(childrenOf)) {
    const found = level.filter((node) => nameOf(node) === name);
    if (found.length) return found;
  }
  return [];
}

const topLevel = (file: ts.SourceFile): readonly ts.Node[] =>
  file.statements.flatMap((one): readonly ts.Node[] =>
    ts.isVariableStatement(one) ? one.declarationList.declarations : [one],
  );

function findPlace(files: readonly ts.SourceFile[], place: string): ts.Node {
  const [, inFile, path] = /^(?:(.+)\/)?(.+)$/.exec(place) as unknown as [string, string | undefined, string];
  const [first, ...inner] = path.split('.');
  let found = files
    .filter(({ fileName }) => !inFile || fileName.endsWith(`/${inFile}.ts`))
    .flatMap((file) => topLevel(file).filter((node) => nameOf(node) === first));
  for (const name of inner) found = found.flatMap((node) => within(node, name));
  const [node] = found;
  if (!node || found.length > 1) throw new Error(`${found.length} places ${place}`);
  return node;
}

/** The file in which the bug is, and its text with the bug. Throws if the place, or what is to be changed there, is not found once. */
export function seed(files: readonly ts.SourceFile[], [what, place, change]: Bug): { fileName: string; text: string } {
  try {
    const node = findPlace(files, place);
    const file = node.getSourceFile();
    const edits = change(node).sort((a, b) => b.start - a.start);
    const text = edits.reduce((rest, edit) => rest.slice(0, edit.start) + edit.text + rest.slice(edit.end), file.text);
    return { fileName: file.fileName, text };
  } catch (error) {
    throw new Error(`"${what}": ${(error as Error).message} in ${place}`);
  }
}
