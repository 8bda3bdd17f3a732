import graphql from '@graphql-eslint/eslint-plugin'
import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'
import { depConstraints } from './libs/tooling/src/lint/boundaries.mjs'
import { plugin as courtside } from './libs/tooling/src/lint/plugin.mjs'

const TESTS = [
  '**/*.{test,contract,e2e}.ts',
  'apps/*/src/{testing,fixtures}/**/*.ts',
  'libs/testing/**/*.ts',
  'apps/e2e/**/*.ts',
]
/** Even the kernel, which depends on nothing, has tests. */
const TEST_LIBRARIES = ['@jest/globals', 'fast-check']
/** Demo data stands beside the tables it fills, outside of all projects; the platform and the programs of a subgraph use it. */
const SEEDS = '/prisma/[a-z-]+/seed\\.ts$'
const PROCESS_ENV =
  'Only env.ts files read the environment. Read the variable there, and hand its value in as an argument.'

export default tseslint.config(
  { ignores: ['**/generated/**', '.courtside/**', '.nx/**', 'coverage/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, courtside },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [...TEST_LIBRARIES, SEEDS], enforceBuildableLibDependency: false, depConstraints },
      ],
      'courtside/module-doors': 'error',
      'max-lines': ['error', 400],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: PROCESS_ENV }],
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // An implementation of an asynchronous interface may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Services are closures and not classes: their functions can be taken apart.
      '@typescript-eslint/unbound-method': 'off',
      // The compiler already refuses to compare an enum of a library with a text it cannot be.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
  {
    files: ['apps/*/src/**/*.ts'],
    ignores: TESTS,
    rules: { 'courtside/layers': 'error' },
  },
  {
    files: ['**/*.ts'],
    ignores: TESTS,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@courtside/testing', '@courtside/testing/*'], message: 'It is for test files only.' },
            { regex: '^(node:)?process$', importNames: ['env'], message: PROCESS_ENV },
          ],
        },
      ],
    },
  },
  {
    files: ['**/env.ts', ...TESTS],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: TESTS,
    rules: {
      'max-lines': ['error', 600],
      // A test reads answers whose shape it is about to prove.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['apps/*/src/**/*.graphql'],
    languageOptions: { parser: graphql.parser },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          EnumValueDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
        },
      ],
      '@graphql-eslint/description-style': ['error', { style: 'block' }],
      '@graphql-eslint/naming-convention': [
        'error',
        {
          types: 'PascalCase',
          DirectiveDefinition: 'camelCase',
          EnumValueDefinition: 'UPPER_CASE',
          FieldDefinition: 'camelCase',
          InputValueDefinition: 'camelCase',
          'FieldDefinition[parent.name.value=Query]': { forbiddenPrefixes: ['get', 'list', 'fetch'] },
          'FieldDefinition[parent.name.value=Subscription]': { forbiddenPrefixes: ['on', 'watch'] },
        },
      ],
      '@graphql-eslint/require-deprecation-reason': 'error',
      '@graphql-eslint/no-duplicate-fields': 'error',
    },
  },
)
