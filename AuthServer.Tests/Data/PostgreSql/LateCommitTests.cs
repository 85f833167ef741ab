using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Data.PostgreSql;

public sealed class LateCommitTests
{
    [PostgreSqlFact]
    public async Task A_row_that_comes_true_after_one_with_a_higher_number_is_sealed_too()
    {
        await using var server = new PostgreSqlTestServer();
        await server.InitializeAsync();
        var keeper = server.Services.GetRequiredService<AuditKeeper>();
        await using (var slow = server.Services.CreateAsyncScope())
        {
            var db = slow.ServiceProvider.GetRequiredService<AuthDb>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await RecordAsync(slow, "slow");
            await using (var quick = server.Services.CreateAsyncScope())
            {
                await RecordAsync(quick, "quick");
            }

            await keeper.PassAsync(isLast: false, CancellationToken.None);
            await transaction.CommitAsync();
        }

        Assert.True(
            await keeper.PassAsync(isLast: false, CancellationToken.None),
            "It comes again by itself."
        );
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        await keeper.PassAsync(isLast: false, CancellationToken.None);

        var unsealed = await server.WithDbAsync(db =>
            db.Audit.Where(row => !db.AuditLinks.Any(link => link.EntryId == row.Id))
                .Select(row => row.Reason)
                .ToListAsync()
        );
        Assert.DoesNotContain("slow", unsealed);
        Assert.DoesNotContain("quick", unsealed);
    }

    private static async Task RecordAsync(AsyncServiceScope scope, string reason)
    {
        scope.ServiceProvider.GetRequiredService<AuditLog>().Record(AuditEvent.UserUpdated, reason: reason);
        await scope.ServiceProvider.GetRequiredService<AuthDb>().SaveChangesAsync();
    }
}
