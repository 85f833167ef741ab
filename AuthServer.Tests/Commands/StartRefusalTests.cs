using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Commands;

/// <summary>A start that cannot succeed: exit code 1, one clear sentence on stderr, nothing else.</summary>
public sealed class StartRefusalTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_database_folder_that_does_not_exist()
    {
        var missing = _folder.At("missing");

        Assert.Equal(
            $"The folder '{missing}' of the database does not exist: create it, or set Data:ConnectionString to a file elsewhere.",
            await RefusalOfAsync($"--Data:ConnectionString=Data Source={missing}/a.db")
        );
    }

    [Fact]
    public async Task A_database_that_must_exist_and_does_not()
    {
        Assert.Equal(
            "The database 'a.db' does not exist: restore it from your backup, or remove 'Mode' from Data:ConnectionString to have it created.",
            await RefusalOfAsync("--Data:ConnectionString=Data Source=a.db;Mode=ReadWrite")
        );
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_database_that_is_opened_read_only()
    {
        await MigrateAsync();

        Assert.Equal(
            "The database 'authserver.db' is opened read-only: remove 'Mode=ReadOnly' from Data:ConnectionString.",
            await RefusalOfAsync("--Data:ConnectionString=Data Source=authserver.db;Mode=ReadOnly")
        );
    }

    [Fact]
    public async Task A_database_that_is_a_folder()
    {
        Directory.CreateDirectory(_folder.At("authserver.db"));

        Assert.Equal(
            "The database 'authserver.db' is a folder: set Data:ConnectionString to a file in it.",
            await RefusalOfAsync()
        );
    }

    [Fact]
    public async Task A_file_that_is_no_database()
    {
        _folder.Write("authserver.db", new string('x', 4096));

        Assert.Equal(
            "The file 'authserver.db' is not a readable SQLite database: restore it from your backup, or set Data:ConnectionString to another file.",
            await RefusalOfAsync()
        );
    }

    [Fact]
    public async Task A_database_of_another_program_which_stays_untouched()
    {
        await ExecuteAsync("CREATE TABLE notes (text TEXT)");

        Assert.Equal(
            "The database 'authserver.db' belongs to another program: set Data:ConnectionString to a file of this server's own.",
            await RefusalOfAsync()
        );
        Assert.Equal("notes", await ExecuteAsync("SELECT group_concat(name) FROM sqlite_master"));
    }

    [Fact]
    public async Task A_database_of_a_newer_version()
    {
        await MigrateAsync();
        await ExecuteAsync("INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_Later', '10.0.0')");

        Assert.StartsWith(
            "The database 'authserver.db' was written by a newer version of the server:",
            await RefusalOfAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_database_that_another_program_locks_is_not_waited_for_as_long_as_a_request_would()
    {
        await MigrateAsync();
        await using var other = await OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync();

        Assert.Equal(
            "The database 'authserver.db' is locked by another program: stop that program, or set Data:ConnectionString to another file.",
            await RefusalOfAsync("--Data:ConnectionString=Data Source=authserver.db;Default Timeout=3600")
        );
    }

    [Theory]
    [InlineData(
        "--Data:ConnectionString=Data Source=:memory:",
        "Data:ConnectionString must name a SQLite file"
    )]
    [InlineData("--Data:ConnectionString=nonsense", "Data:ConnectionString must name a SQLite file")]
    [InlineData("--Data:Provider=Oracle", "Data:Provider must be 'Sqlite' or 'PostgreSql'")]
    [InlineData("--Keys:RotationPeriod=00:00:00", "Keys:RotationPeriod must be more than zero")]
    [InlineData(
        "--Keys:PublishAhead=91.00:00:00",
        "Keys:PublishAhead must be at least a second and shorter than Keys:RotationPeriod"
    )]
    [InlineData("--Keys:RotationPeriod=soon", "'soon' at 'Keys:RotationPeriod'")]
    public async Task A_wrong_setting_which_has_changed_nothing(string setting, string sentence)
    {
        Assert.Contains(sentence, await RefusalOfAsync(setting), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_master_key_that_is_gone()
    {
        await ServeOnceAsync();
        File.Delete(_folder.At("authserver.db.master-key"));

        Assert.StartsWith(
            "The master key file 'authserver.db.master-key' is missing, but the database holds keys that only it opens:",
            await RefusalOfAsync(),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(_folder.At("authserver.db.master-key")));
    }

    [Fact]
    public async Task A_master_key_that_is_another_one()
    {
        await ServeOnceAsync();

        Assert.StartsWith(
            "The master key does not open this database:",
            await RefusalOfAsync(
                new Dictionary<string, string?>
                {
                    ["Data__MasterKey"] = Convert.ToBase64String([
                        .. Enumerable.Range(0, 32).Select(i => (byte)i),
                    ]),
                }
            ),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [UnsupportedOSPlatform("windows")]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    public async Task A_master_key_file_that_is_damaged(string text)
    {
        var path = _folder.Write("authserver.db.master-key", text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(
            "The file 'authserver.db.master-key' (Data:MasterKeyFile) must hold 32 bytes in base64, for example from 'openssl rand -base64 32'.",
            await RefusalOfAsync()
        );
    }

    [Fact]
    public async Task A_port_that_is_in_use()
    {
        using var other = new TcpListener(IPAddress.Loopback, Ports.Next());
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        Assert.Equal(
            $"Failed to bind to address {address}: address already in use: stop the program that listens there, or set ASPNETCORE_URLS to another address.",
            await RefusalOfAsync("--urls", address)
        );
    }

    private Task<string> RefusalOfAsync(params string[] args) =>
        RefusalOfAsync(new Dictionary<string, string?>(), args);

    private async Task<string> RefusalOfAsync(Dictionary<string, string?> environment, params string[] args)
    {
        await using var server = AuthServerProcess.Start(_folder.Path, environment, args);
        Assert.Equal(1, await server.ExitAsync());
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        return server.Error.TrimEnd();
    }

    private async Task MigrateAsync()
    {
        await using var migrate = AuthServerProcess.Start(_folder.Path, "migrate");
        Assert.Equal(0, await migrate.ExitAsync());
    }

    private async Task ServeOnceAsync()
    {
        await using var server = AuthServerProcess.Start(_folder.Path);
        await server.ReadyAsync();
        await server.TerminateAsync();
        Assert.Equal(0, await server.ExitAsync());
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={_folder.At("authserver.db")};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
