using AuthServer.Mail;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Mail;

public class MailerTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task A_letter_is_kept_whole()
    {
        var mailer = server.Services.GetRequiredService<Mailer>();

        mailer.Send(new Letter("ada@example.org", "Grüße", "Zwei\nZeilen"));

        var letter = await new Inbox(server).ReceiveAsync("ada@example.org", "Grüße");
        Assert.Contains("From: AuthServer <no-reply@localhost>\n", letter, StringComparison.Ordinal);
        Assert.EndsWith("\n\nZwei\nZeilen\n", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_before_the_end_is_delivered()
    {
        var ending = new Server();
        await ending.InitializeAsync();
        var mailer = ending.Services.GetRequiredService<Mailer>();
        for (var i = 0; i < 100; i++)
        {
            mailer.Send(new Letter("last@example.org", "Last", "words"));
        }

        await mailer.StopAsync(CancellationToken.None);

        Assert.Equal(100, new Inbox(ending).To("last@example.org").Count);
        await ending.DisposeAsync();
    }
}
