using AuthServer.Mail;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Data.PostgreSql;

public sealed class LettersTests
{
    private const int Letters = 60;

    [PostgreSqlFact]
    public async Task Two_instances_send_every_letter_once()
    {
        await using var first = new PostgreSqlTestServer();
        await first.InitializeAsync();
        await using var second = new TwinServer(first);
        await second.InitializeAsync();
        await using (var scope = first.Services.CreateAsyncScope())
        {
            var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
            for (var i = 0; i < Letters; i++)
            {
                outbox.Add(new Letter($"person{i}@example.org", "Subject", "Text"));
            }

            await scope.ServiceProvider.GetRequiredService<AuthServer.Data.AuthDb>().SaveChangesAsync();
        }

        await Task.WhenAll(EmptyAsync(first), EmptyAsync(second));
        for (var i = 0; i < 600 && await LeftAsync(first) > 0; i++)
        {
            await Task.Delay(100);
        }

        var carried = new[] { first, (Server)second }.SelectMany(server =>
            Directory.EnumerateFiles(Path.Combine(server.Folder, "mail"), "*.eml")
        );
        var addressees = carried
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("To: ", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(0, await LeftAsync(first));
        Assert.Equal(Letters, addressees.Count);
        Assert.Equal(Letters, addressees.Distinct(StringComparer.Ordinal).Count());
    }

    // Beside the postmen, who may be asleep.
    private static async Task EmptyAsync(Server server)
    {
        for (var hasMore = true; hasMore; )
        {
            await using var scope = server.Services.CreateAsyncScope();
            hasMore = await scope
                .ServiceProvider.GetRequiredService<Delivery>()
                .NextAsync(CancellationToken.None);
        }
    }

    private static Task<int> LeftAsync(Server server) =>
        server.WithDbAsync(db => db.OutgoingLetters.CountAsync());
}
