# One image for every process; docker-compose.yml says by its command which one it is.
ARG NODE=node:24.21.0-bookworm-slim

# What decides which packages are installed, and nothing else: so a change of code installs nothing.
FROM ${NODE} AS manifests
WORKDIR /courtside
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM ${NODE} AS generated
WORKDIR /courtside
COPY --from=manifests /courtside .
RUN npm ci --ignore-scripts
COPY . .
RUN npm run generate

# Node is in the image and Postgres in one of its own, so their binaries from npm, which are optional, stay out.
FROM ${NODE} AS packages
WORKDIR /courtside
COPY --from=manifests /courtside .
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM ${NODE}
ENV NODE_ENV=production
WORKDIR /courtside
COPY --from=packages /courtside .
COPY --from=generated /courtside/apps apps
COPY --from=generated /courtside/libs libs
COPY --from=generated /courtside/prisma prisma
COPY --from=generated /courtside/deploy/is-ready.mjs deploy/is-ready.mjs
USER node
# Without a command it would be nobody: say which process it is.
CMD ["node", "--eval", "console.error('Say which process: node apps/gateway/src/main.ts, for example'); process.exit(64)"]
