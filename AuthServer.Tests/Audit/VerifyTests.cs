using AuthServer.Data.Sqlite;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthServer.Tests.Audit;

/// <summary>The verb <c>audit</c>, as an operator runs it.</summary>
[Trait("Requirement", "C-86")]
public sealed class VerifyTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trail_is_whole_beside_a_running_server_and_after_its_end()
    {
        await using var server = AuthServerProcess.Start(_folder.Path);
        await server.ReadyAsync();
        await server.SaysAsync("server.started");
        Assert.Contains("rows are as the server wrote them", (await VerifyAsync()).Output, Ordinal);

        await server.TerminateAsync();
        await server.ExitAsync();
        var log = _folder.Write("server.log", server.Output);

        var (code, output, error) = await VerifyAsync("--checkpoint", log);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("from the log agree", output, Ordinal);
        Assert.Equal("server.stopping", await ReadAsync("SELECT Event FROM Audit ORDER BY Id DESC LIMIT 1"));
    }

    [Fact]
    public async Task A_break_is_one_sentence_and_code_1()
    {
        var log = await ServeOnceAsync();
        await ReadAsync("UPDATE Audit SET Reason = 'nothing' WHERE Id = 2");

        var (code, output, error) = await VerifyAsync("--checkpoint", log);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal("Row 2 was changed (link 2).", error.Trim());
    }

    [Fact]
    public async Task A_trail_that_was_cut_off_is_found_out_by_the_log()
    {
        var log = await ServeOnceAsync();
        await ReadAsync(
            "DELETE FROM AuditLinks WHERE Seq > 2; DELETE FROM Audit WHERE Id > 2; DELETE FROM AuditCheckpoints"
        );

        Assert.Equal(0, (await VerifyAsync()).Code);
        var (code, _, error) = await VerifyAsync("--checkpoint", log);

        Assert.Equal(1, code);
        Assert.Contains("The tail after link 2 is gone", error, Ordinal);
    }

    [Fact]
    public async Task What_a_killed_server_left_unsealed_is_sealed_by_the_next_start()
    {
        await ServeOnceAsync();
        // As if it had ended between a commit and the seal over it.
        await ReadAsync(
            "DELETE FROM AuditCheckpoints WHERE Seq = (SELECT MAX(Seq) FROM AuditLinks); DELETE FROM AuditLinks WHERE Seq = (SELECT MAX(Seq) FROM AuditLinks)"
        );
        var (before, unsealed, _) = await VerifyAsync();

        await ServeOnceAsync();
        var (after, _, error) = await VerifyAsync();

        Assert.Equal(0, before);
        Assert.Contains("1 of the last minute", unsealed, Ordinal);
        Assert.Equal((0, ""), (after, error));
    }

    [Fact]
    public async Task A_server_that_is_killed_leaves_a_trail_that_is_whole_after_its_next_start()
    {
        await using (var server = AuthServerProcess.Start(_folder.Path))
        {
            await server.ReadyAsync();
        }

        await ServeOnceAsync();

        Assert.Equal(0, (await VerifyAsync()).Code);
    }

    [Fact]
    public async Task Rows_from_before_the_chain_are_sealed_as_they_are()
    {
        var options = new DbContextOptionsBuilder<SqliteAuthDb>()
            .UseSqlite($"Data Source={_folder.At("authserver.db")};Pooling=false")
            .Options;
        await using (var db = new SqliteAuthDb(options))
        {
            await db.GetService<IMigrator>().MigrateAsync("Initial");
        }

        await ReadAsync(
            "INSERT INTO Audit (At, Event, Succeeded, Address) VALUES ('2026-01-01 10:00:00.1234567', 'auth.login', 1, '192.0.2.1'), ('2026-01-01 11:00:00', 'auth.login', 0, NULL)"
        );

        var log = await ServeOnceAsync();
        var (code, _, error) = await VerifyAsync("--checkpoint", log);
        await ReadAsync("UPDATE Audit SET Address = NULL WHERE Id = 1");
        var changed = await VerifyAsync("--checkpoint", log);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal("Row 1 was changed (link 1).", changed.Error.Trim());
    }

    [Fact]
    public async Task The_key_that_checks_checkpoints_is_told()
    {
        await ServeOnceAsync();

        await using var verb = AuthServerProcess.Start(_folder.Path, "audit", "key");

        Assert.Equal(0, await verb.ExitAsync());
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", verb.Output, Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_verified_is_said_in_a_sentence()
    {
        await using var misused = AuthServerProcess.Start(_folder.Path, "audit");
        Assert.Equal(2, await misused.ExitAsync());

        Assert.Contains("is not at this version", (await VerifyAsync()).Error, Ordinal);
        await ServeOnceAsync();
        Assert.Contains("cannot be read", (await VerifyAsync("--checkpoint", "nowhere.log")).Error, Ordinal);
        var empty = _folder.Write("empty.log", "nothing\n{}\n");
        Assert.Contains("There is no checkpoint", (await VerifyAsync("--checkpoint", empty)).Error, Ordinal);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>Starts it and stops it; gives the file with what it wrote.</summary>
    private async Task<string> ServeOnceAsync()
    {
        await using var server = AuthServerProcess.Start(_folder.Path);
        await server.ReadyAsync();
        await server.TerminateAsync();
        Assert.Equal(0, await server.ExitAsync());
        return _folder.Write("server.log", server.Output);
    }

    private async Task<(int Code, string Output, string Error)> VerifyAsync(params string[] args)
    {
        await using var verb = AuthServerProcess.Start(_folder.Path, ["audit", "verify", .. args]);
        return (await verb.ExitAsync(), verb.Output, verb.Error);
    }

    private async Task<object?> ReadAsync(string sql)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={_folder.At("authserver.db")};Pooling=false"
        );
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
