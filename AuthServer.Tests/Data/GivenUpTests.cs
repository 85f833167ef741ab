using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Data;

/// <summary>Requests whose clients go away at any moment of what they write.</summary>
public sealed class GivenUpTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task Whoever_gives_up_keeps_nobody_else_from_writing()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2000),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) =>
            {
                using var gone = new CancellationTokenSource(TimeSpan.FromMicroseconds(i % 40 * 250));
                try
                {
                    await WriteAsync($"given up {i}", gone.Token);
                }
                catch (OperationCanceledException)
                {
                    // As a request ends whose client is gone.
                }
            }
        );

        await WriteAsync("last", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(1, await server.WithDbAsync(db => db.Secrets.CountAsync(row => row.Name == "last")));
    }

    private async Task WriteAsync(string name, CancellationToken cancellation)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Secrets.Add(new Secret { Name = name, Protected = [1] });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
