import { defineTool } from '../signature.ts'

/** Java, Kotlin, PHP, .NET, Dart, Flutter, Elm, PureScript, Swift, Elixir. */
export const otherLanguages = defineTool({
  name: 'Other languages',
  error_code: 'language_error',
  docs_url: 'https://docs.flutter.dev/deployment/web',
  signatures: {
    dotnet: {
      message: [
        'error CS{yn}: <MESSAGE>',
        'error MSB{yn}: <MESSAGE>',
        'error NU{yn}: <MESSAGE>',
        'error NETSDK{yn}: <MESSAGE>',
        'error BC{exit}',
        'Could not execute because the specified command or file was not found',
      ],
      needles: [
        'error CS',
        'error MSB',
        'error NU',
        'error NETSDK',
        'Could not execute because the specified',
      ],
      group: '.NET: a build error',
      cause: 'compile_failed',
      error_code: 'dotnet_error',
      docs_url: 'https://learn.microsoft.com/dotnet/core/tools/',
      examples: [
        "Program.cs(3,5): error CS0103: The name 'x' does not exist in the current context",
        'error NETSDK1045: The current .NET SDK does not support targeting .NET 9.0.',
        'error NU1101: Unable to find package X.',
      ],
    },
    elm: {
      message: [
        '-- TYPE MISMATCH -',
        '-- NAMING ERROR -',
        '-- MODULE NOT FOUND -',
        '-- MISSING PATTERNS -',
        '-- SYNTAX PROBLEM -',
        '-- UNFINISHED',
      ],
      group: 'Elm: a compile error',
      cause: 'compile_failed',
      error_code: 'elm_error',
      docs_url: 'https://elm-lang.org/',
      examples: [
        '-- TYPE MISMATCH -------------------------------------------------- src/Main.elm',
      ],
    },
    elixir: {
      message: [
        '** (Mix) <MESSAGE>',
        '** (CompileError) <MESSAGE>',
        '== Compilation error in file',
        '** (RuntimeError) <MESSAGE>',
        '** (UndefinedFunctionError)',
      ],
      needles: [
        '** (Mix)',
        '** (CompileError)',
        '== Compilation error in',
        '** (RuntimeError)',
        '** (UndefinedFunction',
      ],
      group: 'Elixir: a compile error',
      cause: 'compile_failed',
      error_code: 'elixir_error',
      docs_url: 'https://hexdocs.pm/mix/',
      examples: [
        '** (Mix) Could not find an SCM for dependency :x',
        '== Compilation error in file lib/a.ex ==',
      ],
    },
  },
})
