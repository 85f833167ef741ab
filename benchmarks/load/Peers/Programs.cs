using System.Runtime.InteropServices;
using Drills;

namespace Load.Peers;

/// <summary>The programs as an operator would have them, each made when it is first asked for, in a folder that goes with the run.</summary>
internal sealed class Programs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bench-programs-");

    public string Peer { get; } = Repository.Folder("benchmarks/load/peer/server.mjs");

    public Task<string> AuthServerAsync() => PublishAsync("AuthServer");

    public Task<string> StockAsync() => PublishAsync("benchmarks/Stock");

    /// <summary>The packages of the peer, as locked; kept for the next run.</summary>
    public async Task InstallPeerAsync()
    {
        var folder = Path.GetDirectoryName(Peer)!;
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        var locked = new FileInfo(Path.Combine(folder, "package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < locked.LastWriteTimeUtc)
        {
            await Console.Error.WriteLineAsync("Installing oidc-provider");
            await Child.MustRunAsync(["npm", "ci", "--no-audit", "--no-fund"], folder);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> PublishAsync(string project)
    {
        var name = Path.GetFileName(project);
        var folder = Path.Combine(_folder.FullName, name);
        var program = Path.Combine(folder, $"{name}.dll");
        if (!File.Exists(program))
        {
            await Console.Error.WriteLineAsync($"Publishing {name}");
            var arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
            string[] how = ["-c", "Release", "--arch", arm ? "arm64" : "x64", "-o", folder, "--nologo"];
            await Child.MustRunAsync(
                ["dotnet", "publish", Repository.Folder(project), .. how],
                _folder.FullName
            );
        }

        return program;
    }
}
