using System.Globalization;
using Npgsql;

namespace Drills;

/// <summary>A PostgreSQL of a drill's own: child process, port of loopback, and a folder that goes with it.</summary>
internal sealed class PostgreSql : IAsyncDisposable
{
    public const string Database = "authserver";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("drill-pg-");
    private Child? _process;

    public int Port { get; } = Ports.Next();

    public string ConnectionString => Reach(Database);

    private static string Programs =>
        Directory
            .EnumerateDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin"))
            .Last(bin => File.Exists(Path.Combine(bin, "initdb")));

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>A new one, which answers and has an empty database for the server.</summary>
    public static async Task<PostgreSql> StartAsync()
    {
        var server = new PostgreSql();
        await server.OwnFolderAsync();
        await Child.MustRunAsync(
            As(
                "initdb",
                [
                    "-D",
                    server.Data,
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ]
            ),
            "/"
        );
        await server.ResumeAsync();
        await server.ExecuteAsync($"CREATE DATABASE {Database}", "postgres");
        return server;
    }

    /// <summary>A standby that follows this one.</summary>
    public async Task<PostgreSql> FollowAsync()
    {
        var standby = new PostgreSql();
        await standby.OwnFolderAsync();
        var source = $"host=127.0.0.1 port={Number(Port)} user=postgres application_name=standby";
        await Child.MustRunAsync(
            As("pg_basebackup", ["-D", standby.Data, "-d", source, "-R", "-X", "stream", "-c", "fast"]),
            "/"
        );
        await standby.ResumeAsync();
        return standby;
    }

    public string Reach(string database) =>
        $"Host=127.0.0.1;Port={Number(Port)};Username=postgres;Database={database};GSS Encryption Mode=Disable";

    public async Task ExecuteAsync(string sql, string database = Database)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<NpgsqlConnection> OpenAsync(string database = Database)
    {
        var connection = new NpgsqlConnection($"{Reach(database)};Pooling=false;Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Stops as <c>pg_ctl stop -m</c> does: <c>INT</c> for fast, <c>QUIT</c> for immediate, which is a crash.</summary>
    public async Task StopAsync(string signal)
    {
        await _process!.SignalAsync(signal);
        await _process.ExitAsync(TimeSpan.FromSeconds(60));
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it on what it has kept, and waits until it answers.</summary>
    public async Task ResumeAsync()
    {
        string[] where =
        [
            "-D",
            Data,
            "-p",
            Number(Port),
            "-c",
            $"unix_socket_directories={_folder.FullName}",
        ];
        _process = Child.Start(
            As("postgres", [.. where, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300"]),
            "/"
        );
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync("SELECT 1", "postgres");
                return;
            }
            catch (NpgsqlException) when (attempt < 600 && !_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public Task PromoteAsync() => Child.MustRunAsync(As("pg_ctl", ["promote", "-D", Data, "-w"]), "/");

    /// <summary>SIGSTOP to all of it: it is there, and does not answer.</summary>
    public Task FreezeAsync() => Child.SignalAsync("STOP", [_process!.Id, .. Children()]);

    public Task ThawAsync() => Child.SignalAsync("CONT", [_process!.Id, .. Children()]);

    /// <summary>Keeps all of it on some cores, also the processes that it starts later.</summary>
    public async Task PinAsync(string cores)
    {
        foreach (var id in Children().Prepend(_process!.Id))
        {
            await Child.MustRunAsync(["taskset", "-a", "-c", "-p", cores, Number(id)], "/");
        }
    }

    /// <summary>A program of PostgreSQL, such as pg_dump, with its arguments.</summary>
    public static IReadOnlyList<string> Tool(string name, params string[] arguments) =>
        [Path.Combine(Programs, name), .. arguments];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await ThawAsync();
            await StopAsync("QUIT");
        }

        _folder.Delete(recursive: true);
    }

    // It refuses to run as an administrator.
    private static List<string> As(string program, IEnumerable<string> arguments)
    {
        string[] user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"];
        return
        [
            .. Environment.IsPrivilegedProcess ? user : [],
            Path.Combine(Programs, program),
            .. arguments,
        ];
    }

    private async Task OwnFolderAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await Child.MustRunAsync(["chown", "postgres", _folder.FullName], "/");
        }
    }

    private IEnumerable<int> Children() =>
        File.ReadAllText($"/proc/{Number(_process!.Id)}/task/{Number(_process.Id)}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
