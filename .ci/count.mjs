// Adds up the JSON reports of Vitest that are named, and says so in the line that CI ends with.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    passed += report.numPassedTests;
    // A file that could not be run has no tests to count.
    failed += report.numFailedTests || (report.success ? 0 : report.numFailedTestSuites);
  } catch {
    failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
