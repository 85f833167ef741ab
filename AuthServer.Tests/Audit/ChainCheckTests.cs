using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Audit;

/// <summary>Whoever can write to the database, but has no key, is found out.</summary>
[Trait("Requirement", "C-86")]
public class ChainCheckTests(AuditedServer server) : IClassFixture<AuditedServer>, IAsyncLifetime
{
    // Forty rows at least, sealed; the checkpoint over them, as whoever keeps the log has it.
    private AuditCheckpoint _checkpoint = null!;

    public async Task InitializeAsync()
    {
        var count = 0;
        await server.RowsOfAsync(async () =>
        {
            for (; count < 40; count++)
            {
                await RelyingParty.Report(server).ClientCredentialsAsync();
            }
        });
        await server.Keeper.PassAsync(isLast: true, CancellationToken.None);
        _checkpoint = await server.WithDbAsync(db =>
            db.AuditCheckpoints.AsNoTracking().OrderByDescending(checkpoint => checkpoint.Seq).FirstAsync()
        );
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_untouched_trail_is_whole()
    {
        var verdict = await AfterAsync("SELECT 1", _checkpoint);

        Assert.Null(verdict.Break);
        Assert.True(verdict.Sealed >= 40);
        Assert.Equal(0, verdict.Waiting);
    }

    [Theory]
    [InlineData("UPDATE Audit SET Event = 'auth.login' WHERE Id = 17", "Row 17 was changed")]
    [InlineData("UPDATE Audit SET ClientId = 'another' WHERE Id = 17", "Row 17 was changed")]
    [InlineData("UPDATE Audit SET At = '2020-01-01 00:00:00' WHERE Id = 17", "Row 17 was changed")]
    [InlineData("UPDATE Audit SET Succeeded = 0 WHERE Id = 17", "Row 17 was changed")]
    [InlineData("UPDATE Audit SET Address = '192.0.2.1' WHERE Id = 17", "Row 17 was changed: its address")]
    [InlineData("UPDATE Audit SET Address = NULL WHERE Id = 17", "Row 17 was changed: its address")]
    [InlineData("DELETE FROM Audit WHERE Id = 17", "Row 17 was deleted")]
    [InlineData("DELETE FROM AuditLinks WHERE Seq = 17", "Link 17 of the chain was deleted")]
    [InlineData("DELETE FROM AuditLinks WHERE Seq = 0", "where the chain begins was deleted")]
    [InlineData("UPDATE AuditLinks SET EntryId = -5 WHERE Seq = 0", "Row 1 was reordered")]
    [InlineData(
        "UPDATE AuditLinks SET EntryId = -17 WHERE Seq = 17; UPDATE AuditLinks SET EntryId = 17 WHERE Seq = 18; UPDATE AuditLinks SET EntryId = 18 WHERE Seq = 17",
        "Row 18 was reordered"
    )]
    [InlineData(
        "UPDATE Audit SET Id = -1 WHERE Id = 17; UPDATE Audit SET Id = 17 WHERE Id = 18; UPDATE Audit SET Id = 18 WHERE Id = -1",
        "Row 17 was reordered"
    )]
    [InlineData(
        "INSERT INTO Audit (Id, At, Event, Succeeded, Count) VALUES (900000, '2026-01-01 00:00:00', 'auth.login', 1, 1)",
        "Row 900000 was inserted"
    )]
    [InlineData(
        "INSERT INTO Audit (Id, At, Event, Succeeded, Reason, Count, EventId, Mac) SELECT 900000, At, Event, Succeeded, Reason, Count, EventId, Mac FROM Audit WHERE Id = 2",
        "Row 900000 was inserted"
    )]
    [InlineData(
        "DELETE FROM AuditLinks WHERE Seq > 30; DELETE FROM Audit WHERE Id > 30",
        "The tail after link 30 is gone"
    )]
    public async Task A_break_is_named(string tampering, string sentence)
    {
        var verdict = await AfterAsync(tampering);

        Assert.Contains(sentence, verdict.Break, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_that_is_gone_with_its_checkpoints_is_found_by_the_line_in_the_log()
    {
        const string Tampering =
            "DELETE FROM AuditLinks WHERE Seq > 30; DELETE FROM Audit WHERE Id > 30; DELETE FROM AuditCheckpoints WHERE Seq > 30";

        Assert.Null((await AfterAsync(Tampering)).Break);
        Assert.Contains(
            $"The tail after link 30 is gone: checkpoint {_checkpoint.Seq}",
            (await AfterAsync(Tampering, _checkpoint)).Break,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_checkpoint_that_this_server_did_not_sign_proves_nothing()
    {
        var forged = new AuditCheckpoint
        {
            Seq = _checkpoint.Seq,
            Hash = [.. _checkpoint.Hash.Reverse()],
            At = _checkpoint.At,
            KeyId = _checkpoint.KeyId,
            Signature = _checkpoint.Signature,
        };

        var verdict = await AfterAsync("SELECT 1", forged);

        Assert.Contains(
            "was not signed by the key of this database",
            verdict.Break,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Personal_fields_can_be_erased_and_the_chain_stays_whole()
    {
        var verdict = await AfterAsync(
            "UPDATE Audit SET Address = NULL, NameHash = NULL, Salt = NULL WHERE Address IS NOT NULL",
            _checkpoint
        );

        Assert.Null(verdict.Break);
        Assert.True(verdict.Erased >= 40);
    }

    [Fact]
    public async Task A_row_that_waits_to_be_sealed_is_no_break_unless_it_waits_for_long()
    {
        const string Unsealed = "DELETE FROM AuditLinks WHERE Seq = (SELECT MAX(Seq) FROM AuditLinks)";
        const string WithoutCheckpoint = $"{Unsealed}; DELETE FROM AuditCheckpoints";

        var fresh = await AfterAsync(WithoutCheckpoint);
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        var old = await AfterAsync(WithoutCheckpoint);

        Assert.Equal((null, 1), (fresh.Break, fresh.Waiting));
        Assert.Contains("is not sealed", old.Break, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500000, '2026-01-01 00:00:00', 'auth.login', 1, NULL, 1, NULL, NULL")]
    [InlineData("500000, At, Event, Succeeded, Reason, Count, EventId, Mac FROM Audit WHERE Id = 2")]
    public async Task The_sealer_leaves_out_what_the_server_did_not_write(string row)
    {
        await ChangeAsync(
            $"INSERT INTO Audit (Id, At, Event, Succeeded, Reason, Count, EventId, Mac) SELECT {row}"
        );
        try
        {
            await server.RowsOfAsync(() => RelyingParty.Report(server).ClientCredentialsAsync());

            var verdict = await AfterAsync("SELECT 1");
            Assert.Contains("Row 500000 was inserted", verdict.Break, StringComparison.Ordinal);
            Assert.Equal(0, verdict.Waiting);
        }
        finally
        {
            await ChangeAsync("DELETE FROM Audit WHERE Id = 500000");
        }
    }

    private Task<int> ChangeAsync(string sql) =>
        server.WithDbAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    // Tampered with and looked at in one transaction, which leaves nothing behind.
    private Task<ChainVerdict> AfterAsync(string tampering, params AuditCheckpoint[] logged) =>
        server.WithDbAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlRawAsync(tampering);
            var check = new ChainCheck(
                db,
                server.Services.GetRequiredService<AuditSeal>(),
                server.Services.GetRequiredService<CheckpointKey>(),
                server.Clock
            );
            return await check.RunAsync(logged, CancellationToken.None);
        });
}
