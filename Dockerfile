FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /src

# What restore reads comes first, so that a change of code does not fetch the packages again.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY AuthServer/AuthServer.csproj AuthServer/packages.lock.json AuthServer/
RUN --mount=type=cache,target=/root/.nuget/packages dotnet restore AuthServer --arch $TARGETARCH --locked-mode

COPY appsettings.Development.json ./
COPY AuthServer/ AuthServer/
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish AuthServer --arch $TARGETARCH --configuration Release --no-restore --output /app \
    && mkdir /data /secrets

# Nothing is run in this stage, so that an image without a shell serves as its base too.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=1654:1654 /data /data
COPY --from=build --chown=1654:1654 /secrets /secrets

# The unprivileged user that the base image comes with; it may write /data and /secrets, and nothing else.
USER 1654
# The flag lets the image be tried with no configuration at all; it does nothing once anything is declared.
ENV ASPNETCORE_HTTP_PORTS=8080 \
    AUTHSERVER_SECRETS=/secrets \
    Unsafe__TrialWithoutIssuer=true \
    Data__ConnectionString="Data Source=/data/authserver.db" \
    Data__MasterKeyFile=/data/authserver.db.master-key
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["dotnet", "/app/AuthServer.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "/app/AuthServer.dll"]
