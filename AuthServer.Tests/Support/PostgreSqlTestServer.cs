namespace AuthServer.Tests.Support;

/// <summary>A server on PostgreSQL, whatever the rest of the run is on.</summary>
public class PostgreSqlTestServer : Server
{
    protected override bool IsOnPostgreSql => true;
}

/// <summary>Another instance of the same server: one issuer, one database, one master key.</summary>
public sealed class TwinServer(Server first) : PostgreSqlTestServer
{
    protected override Server? Twin => first;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("Issuer", first.Address.ToString())];
}
