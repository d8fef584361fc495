# Built from the project's folder: docker compose build connector
ARG NODE_TAG
FROM node:${NODE_TAG} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY common/package.json common/
COPY connect/package.json connect/
RUN npm ci --omit=dev --ignore-scripts -w @shop/common -w @shop/connect

FROM node:${NODE_TAG}
ENV NODE_ENV=production ON_SETTING_ERROR=wait
WORKDIR /app/connect
COPY --from=packages /app /app
COPY common/src /app/common/src
COPY connect/src /app/connect/src
COPY connect/debezium_source_conn /app/connect/debezium_source_conn
USER node
CMD ["node", "src/main.ts"]
