using AuthServer.Tests.Support;

namespace AuthServer.Tests.RelyingParties;

/// <summary>A test that runs a Node.js script. Left out, with the reason, where Node.js or its packages are missing.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_REQUIRE_ALL") == "true")
        {
            return;
        }

        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Skip = "The npm packages are missing: run 'npm ci' in AuthServer.Tests/RelyingParties/node.";
        }
        else if (!IsOnPath("node"))
        {
            Skip = "Node.js is not on this machine.";
        }
    }

    /// <summary>Where the scripts and their packages are.</summary>
    public static string Folder { get; } =
        Path.Combine(Repository.Root.FullName, "AuthServer.Tests", "RelyingParties", "node");

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder =>
                File.Exists(Path.Combine(folder, program))
                || File.Exists(Path.Combine(folder, program + ".exe"))
            );
}
