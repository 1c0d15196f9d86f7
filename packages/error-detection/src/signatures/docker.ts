import { defineTool } from '../signature.ts'

/** Docker and BuildKit. */
export const docker = defineTool({
  name: 'Docker',
  error_code: 'docker_error',
  docs_url: 'https://docs.docker.com/build/',
  prefixes: [
    // #12 6.750 …   6.750   …
    /^#\d{1,4} (?:\d{1,5}\.\d{1,3} )?/,
    /^\d{1,5}\.\d{1,3} {1,3}(?=[ A-Za-z×│╰])/,
  ],
  noise: [
    // a step that is only echoed: [build 4/5] RUN …   Step 4/5 : RUN …
    /^(?:> )?(?:\[[^\]]{1,100}\]|Step \d{1,3}\/\d{1,3} :) (?:RUN|COPY|ADD|CMD|ENV|ENTRYPOINT) /,
  ],
  signatures: {
    context: {
      message: [
        'failed to calculate checksum of ref <REF>: <PATH>: not found',
        'failed to calculate checksum of ref',
        'failed to compute cache key: <MESSAGE>: not found',
        'COPY failed: file not found in build context',
        'COPY failed: no source files were specified',
        'COPY failed: stat',
        'ADD failed: file not found',
        'lstat <PATH>: no such file or directory',
      ],
      needles: [
        'failed to calculate checksum',
        'failed to compute cache key',
        'COPY failed',
        'ADD failed',
      ],
      group: 'failed to calculate checksum of ref <REF>: not found',
      cause: 'container_build_failed',
      title: 'A file that the Dockerfile copies is not in the build context',
      fix: 'Correct the path in the Dockerfile, the context, or .dockerignore.',
      examples: [
        'ERROR: failed to calculate checksum of ref: "/shared-config": not found',
        'COPY failed: file not found in build context or excluded by .dockerignore: stat dist: file does not exist',
      ],
    },
    dockerfile: {
      message: [
        'failed to read dockerfile',
        'dockerfile parse error',
        'Dockerfile parse error',
        'unable to prepare context: {words}',
        'failed to solve with frontend dockerfile',
        'unknown instruction: <INSTRUCTION>',
        'the Dockerfile cannot be empty',
      ],
      needles: [
        'failed to read dockerfile',
        'ockerfile parse error',
        'unable to prepare context',
        'unknown instruction: ',
        'the Dockerfile cannot be empty',
      ],
      group: 'The Dockerfile cannot be read',
      cause: 'container_build_failed',
      title: 'The Dockerfile is missing or not valid',
      examples: [
        'ERROR: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
        'ERROR: failed to solve: dockerfile parse error on line 3: unknown instruction: FORM',
      ],
    },
    image: {
      message: [
        'failed to resolve source metadata for <IMAGE>',
        'pull access denied for <IMAGE>',
        'manifest for <IMAGE> not found',
        'manifest unknown',
        'repository does not exist or may require',
        'no matching manifest for linux',
        'denied: requested access to the resource is denied',
        'unauthorized: authentication required',
      ],
      needles: [
        'failed to resolve source metadata',
        'pull access denied',
        'manifest for ',
        'manifest unknown',
        'does not exist or may require',
        'no matching manifest for',
        'access to the resource is denied',
        'unauthorized: authentication',
      ],
      group: 'An image could not be pulled',
      cause: 'container_build_failed',
      title: 'A container image does not exist, or may not be pulled',
      when: /metadata|denied|not found|unknown|require|no matching/,
      examples: [
        'ERROR: failed to solve: node:99: failed to resolve source metadata for registry.example/library/node:99: not found',
        "pull access denied for acme/site, repository does not exist or may require 'docker login'",
      ],
    },
    daemon: {
      message: [
        'Cannot connect to the Docker daemon',
        'error during connect: ',
        'docker: not found',
        'Is the docker daemon running',
      ],
      needles: [
        'Cannot connect to the Docker daemon',
        'error during connect',
        'the docker daemon running',
      ],
      group: 'Cannot connect to the Docker daemon',
      cause: 'container_build_failed',
      title: 'There is no Docker daemon',
      examples: [
        'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      ],
    },
    step: {
      message: [
        'did not complete successfully: exit code: {exit}',
        'returned a non-zero code: {exit}',
        'ERROR: failed to solve: {words}',
        'failed to solve: {words}',
        'error building image: {words}',
        "ERROR: Service '<NAME>' failed to build",
      ],
      needles: [
        'did not complete successfully',
        'returned a non-zero code',
        'failed to solve',
        'error building image',
        "' failed to build",
      ],
      group: 'A step of the Dockerfile failed',
      cause: 'container_build_failed',
      rank: 'wrapper',
      examples: [
        'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
        "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
      ],
    },
  },
})
