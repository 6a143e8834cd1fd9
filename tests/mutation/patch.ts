/**
 * Changes a piece of source at its syntax tree: formatting, comments, quotes, types, casts and the names of variables do not matter.
 *
 * A pattern is a piece of code. In it
 * - a name stands for itself, and for the property of that name: `deadAt < now` finds `state.deadAt < moment.now` as well;
 * - `$` stands for anything, and so does `$x`, which can then be used in the new code; `$0` is all that was found;
 * - `...$rest`, at the end of a list, stands for what is left of it, and is `$rest` in the new code;
 * - `name: $` is a property of an object, and `x();`, with its semicolon, a statement.
 */
import ts from 'typescript';

/** A text for a range of the source. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is to be changed in a place. Throws if it is not found once. */
export type Change = (place: ts.Node) => Edit[];

type Parts = Map<string, string>;

const replace = (node: ts.Node, text: string): Edit => ({ start: node.getStart(), end: node.end, text });

/** Without parentheses, casts and the like. */
const bare = (node: ts.Node): ts.Node =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isNonNullExpression(node)
    ? bare(node.expression)
    : node;

/** The text of a node for new code, in which something else may stand beside it. */
const textOf = (node: ts.Node): string =>
  ts.isBinaryExpression(node) || ts.isConditionalExpression(node) ? `(${node.getText()})` : node.getText();

/** The parts of a node that count: no types, no modifiers. */
export const childrenOf = (node: ts.Node): ts.Node[] => {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    if (ts.isTypeNode(child) || ts.isModifier(child) || child.kind === ts.SyntaxKind.QuestionDotToken) return;
    children.push(child);
  });
  return children;
};

const isRest = (node: ts.Node): boolean => /^\.\.\.\$rest$/.test(node.getText());

function allMatch(patterns: readonly ts.Node[], nodes: readonly ts.Node[], parts: Parts): boolean {
  const last = patterns.at(-1);
  const isOpen = !!last && isRest(last);
  const fixed = isOpen ? patterns.slice(0, -1) : patterns;
  if (isOpen ? nodes.length < fixed.length : nodes.length !== fixed.length) return false;
  if (isOpen)
    parts.set(
      '$rest',
      nodes
        .slice(fixed.length)
        .map((node) => node.getText())
        .join(', '),
    );
  return fixed.every((pattern, i) => matches(pattern, nodes[i] as ts.Node, parts));
}

/** The name and the value of a property, which are the same one in `{ name }`. */
const propertyOf = (node: ts.Node): [ts.Node, ts.Node] | undefined => {
  if (ts.isShorthandPropertyAssignment(node)) return [node.name, node.name];
  return ts.isPropertyAssignment(node) ? [node.name, node.initializer] : undefined;
};

function matches(patternNode: ts.Node, sourceNode: ts.Node, parts: Parts): boolean {
  const pattern =
    ts.isExpressionStatement(patternNode) && /^\$\w*$/.test(patternNode.getText())
      ? patternNode.expression
      : bare(patternNode);
  const node = bare(sourceNode);
  if (ts.isIdentifier(pattern)) {
    if (pattern.text.startsWith('$')) {
      const before = pattern.text === '$' ? undefined : parts.get(pattern.text);
      parts.set(pattern.text, textOf(sourceNode));
      return before === undefined || before === textOf(sourceNode);
    }
    const name = ts.isPropertyAccessExpression(node) ? node.name : node;
    return ts.isIdentifier(name) && name.text === pattern.text;
  }
  const properties = [propertyOf(pattern), propertyOf(node)] as const;
  if (properties[0] && properties[1]) return allMatch(properties[0], properties[1], parts);
  if (pattern.kind !== node.kind) return false;
  if ((pattern as Partial<ts.PrefixUnaryExpression>).operator !== (node as Partial<ts.PrefixUnaryExpression>).operator)
    return false;
  const children = childrenOf(pattern);
  if (children.length) return allMatch(children, childrenOf(node), parts);
  return childrenOf(node).length === 0 && (pattern as ts.Identifier).text === (node as ts.Identifier).text;
}

function parse(code: string): ts.Node {
  const isProperty = /^(\w+:|\.\.\.)/.test(code);
  const text = isProperty ? `({${code}})` : code.startsWith('{') ? `(${code})` : code;
  const [statement] = ts.createSourceFile('pattern.ts', text, ts.ScriptTarget.Latest, true).statements;
  if (!statement) throw new Error(`${code} is no pattern`);
  if (!ts.isExpressionStatement(statement) || code.endsWith(';')) return statement;
  const expression = bare(statement.expression);
  return isProperty ? ((expression as ts.ObjectLiteralExpression).properties[0] as ts.Node) : expression;
}

function find(place: ts.Node, code: string): { readonly node: ts.Node; readonly parts: Parts } {
  const pattern = parse(code);
  const found: { node: ts.Node; parts: Parts }[] = [];
  const visit = (node: ts.Node): void => {
    const parts: Parts = new Map();
    if (bare(node) === node && matches(pattern, node, parts))
      found.push({ node, parts: parts.set('$0', textOf(node)) });
    // A property is one name with what it belongs to.
    if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else childrenOf(node).forEach(visit);
  };
  visit(place);
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`${found.length} times "${code}"`);
  return first;
}

/** Takes a node out: a statement, a part of a list, or one side of `&&` and the like. */
function without(node: ts.Node): Edit {
  const { parent } = node;
  if (ts.isStatement(node)) return replace(node, ';');
  if (bare(parent) !== parent || ts.isSpreadElement(parent)) return without(parent);
  if (ts.isExpressionStatement(parent)) return without(parent);
  const { elements, properties, arguments: args } = parent as ts.Node & Record<string, ts.NodeArray<ts.Node>>;
  const list = [elements, properties, args].find((nodes) => nodes?.includes(node));
  if (list) {
    const index = list.indexOf(node);
    const next = list[index + 1];
    // The comma goes with it.
    if (next) return { start: node.pos, end: next.pos, text: '' };
    return { start: list[index - 1]?.end ?? node.pos, end: list.end, text: '' };
  }
  if (ts.isBinaryExpression(parent) && /^(&&|\|\||\?\?)$/.test(parent.operatorToken.getText())) {
    return replace(parent, textOf(parent.left === node ? parent.right : parent.left));
  }
  throw new Error(`"${node.getText()}" cannot be dropped`);
}

/** Puts `code` where the pattern is. */
export const put =
  (pattern: string, code: string): Change =>
  (place) => {
    const { node, parts } = find(place, pattern);
    const text = code.replace(/\$\w+/g, (name) => parts.get(name) ?? name);
    return [replace(node, ts.isExpression(node) ? `(${text})` : text)];
  };

/** Takes out the statement, the part of a list, or the side of `&&` and the like, that the pattern is. */
export const drop =
  (pattern: string): Change =>
  (place) => [without(find(place, pattern).node)];

/** Moves the statement that the pattern is to the end of its block. */
export const last =
  (pattern: string): Change =>
  (place) => {
    const { node } = find(place, pattern);
    const end = node.parent.end - 1;
    return [without(node), { start: end, end, text: node.getText() }];
  };

/** Replaces a piece of a regular expression, which is one literal. */
export const reword =
  (piece: string, other: string): Change =>
  (place) => {
    const [before = '', ...after] = place.getText().split(piece);
    if (after.length !== 1) throw new Error(`${after.length} times "${piece}"`);
    const start = place.getStart() + before.length;
    return [{ start, end: start + piece.length, text: other }];
  };

/** Does all of these. */
export const both =
  (...changes: readonly Change[]): Change =>
  (place) =>
    changes.flatMap((change) => change(place));
