import { defineTool } from '../signature.ts'

/** Java and Kotlin, with Maven and Gradle. */
export const java = defineTool({
  name: 'Java',
  error_code: 'java_error',
  docs_url: 'https://docs.gradle.org/',
  prefixes: [
    // [INFO] npm ERR! …  (a plug-in of Maven that runs npm)
    /^\[INFO\] (?=npm (?:ERR!|error))/,
  ],
  signatures: {
    maven: {
      message: [
        '[ERROR] COMPILATION ERROR',
        '[ERROR] Failed to execute goal <GOAL>',
        '[ERROR] No goals have been specified',
        'The goal you specified requires a project to execute',
        'Could not resolve dependencies for project',
        'Non-resolvable parent POM',
      ],
      needles: [
        '[ERROR] COMPILATION ERROR',
        'Failed to execute goal',
        'No goals have been specified',
        'requires a project to execute',
        'Could not resolve dependencies for project',
        'Non-resolvable parent POM',
      ],
      group: '[ERROR] Failed to execute goal',
      cause: 'compile_failed',
      docs_url: 'https://maven.apache.org/guides/',
      examples: [
        '[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile) on project x: Compilation failure',
      ],
    },
    gradle: {
      message: [
        "Execution failed for task '<TASK>'",
        '* What went wrong:',
        'FAILURE: Build failed with an exception',
        'FAILURE: Build completed with <N> failures',
        'Could not determine java version from',
        'Unsupported class file major version',
        'JAVA_HOME is not set',
        'invalid source release: <VERSION>',
        'error: release version <VERSION> not supported',
      ],
      needles: [
        'Execution failed for task',
        '* What went wrong',
        'FAILURE: Build failed',
        'FAILURE: Build completed with',
        'Could not determine java version',
        'Unsupported class file major',
        'JAVA_HOME is not set',
        'invalid source release',
        'error: release version',
      ],
      group: 'FAILURE: Build failed with an exception',
      cause: 'compile_failed',
      rank: 'family',
      examples: [
        "Execution failed for task ':app:compileJava'.",
        'FAILURE: Build failed with an exception.',
      ],
    },
    javac: {
      message: [
        'error: cannot find symbol',
        'error: package <PACKAGE> does not exist',
        'error: incompatible types: <TYPES>',
        "error: ';' expected",
        'error: class <NAME> is public, should be declared',
        'error: reached end of file while parsing',
      ],
      needles: [
        'error: cannot find symbol',
        'error: package ',
        'error: incompatible types',
        "error: ';' expected",
        'should be declared in a file',
        'reached end of file while',
      ],
      when: /\.(?:java|kt):\d+: |error: (?:cannot|package|incompatible|';'|class|reached)/,
      unless: /^error: package "/,
      group: 'A Java compile error',
      cause: 'compile_failed',
      examples: [
        'src/A.java:3: error: cannot find symbol',
        'src/A.java:1: error: package org.x does not exist',
      ],
    },
  },
})
