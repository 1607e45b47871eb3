# The program's image. deploy/install.sh does the work, the same script that tests/deploy/bare_root.sh proves in a bare
# Debian root; the last stage has neither pip nor build tools nor the source tree.
FROM debian:bookworm-20260803-slim AS system
COPY install/system.sh /src/install/system.sh
COPY deploy/install.sh /src/deploy/install.sh
RUN /src/deploy/install.sh system && rm -rf /var/lib/apt/lists/* /src

FROM system AS program
WORKDIR /src
COPY . .
RUN deploy/install.sh program

FROM system
COPY --from=program /opt/hososo /opt/hososo
ENV PATH=/opt/hososo/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOSOSO_HOME=/var/lib/hososo
USER 10001:10001
WORKDIR /var/lib/hososo
ENTRYPOINT ["hososo"]
CMD ["--help"]
