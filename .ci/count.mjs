// Adds up the JSON reports of Vitest that are named: says what failed, and ends with the line that CI ends with.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const LINES = 15;

function tell(file, test, message) {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, LINES);
  console.log(`\nFAILED ${relative('', file)} > ${test}\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    passed += report.numPassedTests;
    for (const { name, status, message, assertionResults } of report.testResults) {
      const tests = assertionResults.filter((test) => test.status === 'failed');
      for (const { fullName, failureMessages } of tests) tell(name, fullName, failureMessages.join('\n'));
      // A file that could not be run has no tests to count.
      if (status === 'failed' && !tests.length) tell(name, 'the file could not be run', message);
      failed += tests.length || (status === 'failed' ? 1 : 0);
    }
  } catch (error) {
    tell(path, 'no report', String(error));
    failed += 1;
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
