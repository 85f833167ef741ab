using System.Diagnostics;
using System.Globalization;
using AuthServer.Data;
using AuthServer.Data.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AuthServer.Tests.Support;

/// <summary>
/// A PostgreSQL of the tests' own: a child process on a port of loopback, which loses what it keeps. One serves a whole
/// run; a test that stops or freezes it starts another.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Template = "template_authserver";

    // It ends, and its folder goes, with the pipe of its input: so with the tests, however they end.
    private const string WhileWeAreThere =
        "\"$@\" & read -r word; kill -QUIT $!; wait; [ \"$word\" = keep ] || rm -rf \"$0\"";

    private static readonly Lazy<Task<PostgreSqlServer>> OfThisRun = new(StartForRunAsync);
    private static int _databases;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authserver-pg-");
    private readonly string _port = Ports.Next().ToString(CultureInfo.InvariantCulture);
    private Process? _process;

    /// <summary>The tests that do not mind run on PostgreSQL.</summary>
    public static bool IsWanted =>
        Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_DATABASE") == "PostgreSql";

    /// <summary>Null where the program is there, or where AUTHSERVER_TESTS_REQUIRE_ALL=true forbids to leave tests out.</summary>
    public static string? ReasonToSkip =>
        Programs is not null || Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_REQUIRE_ALL") == "true"
            ? null
            : "PostgreSQL is missing; ./test.sh installs it on Debian and Ubuntu.";

    private static string? Programs =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;

    /// <summary>Starts one, empty, and waits until it answers.</summary>
    public static Task<PostgreSqlServer> StartAsync() =>
        StartAsync(data =>
            [
                "initdb",
                "-D",
                data,
                .. (string[])["-U", "postgres", "-A", "trust", "-E", "UTF8"],
                "--locale=C.UTF-8",
                "--no-sync",
            ]
        );

    /// <summary>Starts a standby, without which this one answers no commit from then on.</summary>
    public async Task<PostgreSqlServer> FollowAsync()
    {
        var standby = await StartAsync(data =>
            [
                "pg_basebackup",
                "-D",
                data,
                "-d",
                $"host=127.0.0.1 port={_port} user=postgres",
                "-R",
                "-c",
                "fast",
            ]
        );
        await ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        return standby;
    }

    /// <summary>Ends its being a standby.</summary>
    public async Task PromoteAsync() => await ExecuteAsync("SELECT pg_promote()");

    /// <summary>
    /// A new database in the PostgreSQL that serves the whole run, migrated already, and reached with more patience than
    /// the server has by itself: how busy the machine is decides no test.
    /// </summary>
    public static async Task<string> NewDatabaseAsync()
    {
        const string limits = "Options=-c lock_timeout=60000 -c statement_timeout=60000";
        var server = await OfThisRun.Value;
        return $"{await server.CreateAsync(Template)};Timeout=60;Command Timeout=60;{limits}";
    }

    /// <summary>Takes it away, whoever is connected to it.</summary>
    public static async Task DropAsync(string connectionString)
    {
        var server = await OfThisRun.Value;
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await server.ExecuteAsync($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
    }

    /// <summary>How to reach a database of it.</summary>
    public string Reach(string database) => $"Host=127.0.0.1;Port={_port};{How(database)}";

    /// <summary>How to reach a database of it, or of <paramref name="standby"/> when that has taken its place.</summary>
    public string Reach(string database, PostgreSqlServer standby) =>
        $"Host={Host},{standby.Host};Target Session Attributes=primary;{How(database)}";

    /// <summary>A new database, empty or like <paramref name="template"/>.</summary>
    public async Task<string> CreateAsync(string template = "template1")
    {
        var name = $"test_{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return Reach(name);
    }

    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"{Reach(database)};Pooling=false;Timeout=60");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>SIGQUIT: it ends at once, as in a crash.</summary>
    public async Task KillAsync()
    {
        await _process!.StandardInput.WriteLineAsync("keep");
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again on what it has kept.</summary>
    public async Task ResumeAsync()
    {
        string[] where = ["-D", Data, "-p", _port, "-c", $"unix_socket_directories={_folder.FullName}"];
        string[] how = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=400"];
        string[] program = [.. As(Path.Combine(Programs!, "postgres")), .. where, .. how];
        var start = Quiet(["bash", "-c", WhileWeAreThere, _folder.FullName, .. program]);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (attempt < 300 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>SIGSTOP to all of it: it is there, and does not answer.</summary>
    public async Task FreezeAsync() => await SignalAsync("-STOP", [Id, .. Children()]);

    public async Task ThawAsync() => await SignalAsync("-CONT", [Id, .. Children()]);

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            _folder.Delete(recursive: true);
            return;
        }

        await ThawAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private int Id =>
        int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string Data => Path.Combine(_folder.FullName, "data");

    private string Host => $"127.0.0.1:{_port}";

    private static string How(string database) =>
        $"Username=postgres;Database={database};GSS Encryption Mode=Disable";

    private static async Task<PostgreSqlServer> StartAsync(Func<string, string[]> fill)
    {
        var server = new PostgreSqlServer();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", server._folder.FullName);
        }

        var words = fill(server.Data);
        await RunAsync([.. As(Path.Combine(Programs!, words[0])), .. words[1..]]);
        await server.ResumeAsync();
        return server;
    }

    private static async Task<PostgreSqlServer> StartForRunAsync()
    {
        var server = await StartAsync();
        await server.ExecuteAsync($"CREATE DATABASE {Template}");
        var options = new DataOptions { Provider = "PostgreSql", ConnectionString = server.Reach(Template) };
        var context = new DbContextOptionsBuilder<PostgreSqlAuthDb>()
            .UseNpgsql($"{options.ConnectionString};Pooling=false")
            .Options;
        await using var db = new PostgreSqlAuthDb(context);
        await Databases.Of(options).MigrateAsync(new Lazy<AuthDb>(db), CancellationToken.None);
        return server;
    }

    // It refuses to run as an administrator.
    private static string[] As(string program) =>
        Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program]
            : [program];

    private IEnumerable<int> Children()
    {
        var id = Id.ToString(CultureInfo.InvariantCulture);
        return File.ReadAllText($"/proc/{id}/task/{id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));
    }

    private static Task SignalAsync(string signal, params int[] ids) =>
        RunAsync(["kill", signal, .. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))]);

    private static async Task RunAsync(params string[] words)
    {
        using var process = Process.Start(Quiet(words))!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await said;
        // A child that has ended meanwhile needs no signal.
        Assert.True(process.ExitCode == 0 || words[0] == "kill", complained);
    }

    private static ProcessStartInfo Quiet(string[] words) =>
        new(words[0], words[1..])
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}

/// <summary>A fact about PostgreSQL: left out, with the reason, where there is none.</summary>
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.ReasonToSkip;
}
