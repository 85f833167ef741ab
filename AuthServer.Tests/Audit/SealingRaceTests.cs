using System.Data.Common;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Data.Statements;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuthServer.Tests.Audit;

/// <summary>Two instances that keep the trail at the same time: one of them comes a moment too late.</summary>
public sealed class SealingRaceTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task What_another_instance_links_first_is_linked_once_and_the_rest_after_it()
    {
        await RecordAsync(3);
        var last = await server.WithDbAsync(db => db.Audit.MaxAsync(row => row.Id));
        // To which the rows before it were not committed yet.
        var ours = Chain(beforeWrite: () => Chain().SealAsync(last, CancellationToken.None));

        var (from, hasMore) = await ours.SealAsync(0, CancellationToken.None);
        Assert.True(hasMore, "It goes on from what the other has left.");
        await ours.SealAsync(from, CancellationToken.None);

        await AssertWholeAsync();
    }

    [Fact]
    public async Task What_another_instance_has_not_seen_is_signed_all_the_same()
    {
        await RecordAsync(2);
        await Chain().SealAsync(0, CancellationToken.None);
        var head = await server.WithDbAsync(db => db.AuditLinks.MaxAsync(link => link.Seq));
        var ours = Chain(beforeWrite: () => SignAsync(head - 1));

        await ours.CheckpointAsync(atOnce: true, CancellationToken.None);

        var signed = await server.WithDbAsync(db => db.AuditCheckpoints.MaxAsync(one => one.Seq));
        Assert.Equal(head, signed);
        await AssertWholeAsync();
    }

    private async Task RecordAsync(int count)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();
        for (var i = 0; i < count; i++)
        {
            audit.Record(AuditEvent.UserUpdated, reason: "race");
        }

        await scope.ServiceProvider.GetRequiredService<AuthDb>().SaveChangesAsync();
    }

    // As an instance does that has not seen the last row yet.
    private async Task SignAsync(long seq)
    {
        var link = await server.WithDbAsync(db => db.AuditLinks.SingleAsync(one => one.Seq == seq));
        var key = server.Services.GetRequiredService<CheckpointKey>();
        await Real.WriteAsync(
            [CheckpointRows.Insert(key.Sign(seq, link.Hash, server.Clock.GetUtcNow()), last: -1)],
            CancellationToken.None
        );
    }

    private async Task AssertWholeAsync()
    {
        await using var scope = server.Services.CreateAsyncScope();
        var verdict = await scope
            .ServiceProvider.GetRequiredService<ChainCheck>()
            .RunAsync([], CancellationToken.None);
        Assert.Null(verdict.Break);
        Assert.Equal(0, verdict.Waiting);
    }

    private IStatements Real => server.Services.GetRequiredService<IStatements>();

    private AuditChain Chain(Func<Task>? beforeWrite = null)
    {
        var services = server.Services;
        return new AuditChain(
            new Racing(Real, beforeWrite ?? (() => Task.CompletedTask)),
            services.GetRequiredService<IDatabase>(),
            services.GetRequiredService<AuditSeal>(),
            services.GetRequiredService<CheckpointKey>(),
            services.GetRequiredService<AuditMetrics>(),
            server.Clock,
            NullLogger<AuditChain>.Instance
        );
    }

    /// <summary>Lets another instance do something just before this one's first write.</summary>
    private sealed class Racing(IStatements database, Func<Task> beforeWrite) : IStatements
    {
        private Func<Task> _before = beforeWrite;

        public string Hold => database.Hold;

        public string Clock(string ours) => database.Clock(ours);

        public Task<T?> FirstAsync<T>(
            Statement question,
            Func<DbDataReader, T> read,
            CancellationToken cancellation
        )
            where T : class => database.FirstAsync(question, read, cancellation);

        public Task<List<T>> AllAsync<T>(
            Statement question,
            Func<DbDataReader, T> read,
            CancellationToken cancellation
        ) => database.AllAsync(question, read, cancellation);

        public async Task<int> WriteAsync(IReadOnlyList<Statement> unit, CancellationToken cancellation)
        {
            await Interlocked.Exchange(ref _before, () => Task.CompletedTask)();
            return await database.WriteAsync(unit, cancellation);
        }
    }
}
