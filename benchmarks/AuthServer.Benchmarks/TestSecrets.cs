using System.Security.Cryptography;
using AuthServer.Data;

namespace AuthServer.Benchmarks;

/// <summary>Secrets as a first start makes them.</summary>
internal static class TestSecrets
{
    public static ServerSecrets Make()
    {
        var secrets = new ServerSecrets();
        secrets.Load(ServerSecrets.Names.ToDictionary(name => name, _ => RandomNumberGenerator.GetBytes(32)));
        return secrets;
    }
}
