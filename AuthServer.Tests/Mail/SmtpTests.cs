using System.Net;
using System.Net.Http.Json;
using System.Text;
using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Tests.Accounts;
using AuthServer.Tests.Support;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Mail;

/// <summary>Letters on their way to a real mail server, good or bad.</summary>
public sealed class SmtpTests : IAsyncLifetime
{
    private readonly SmtpServer _smtp = new();
    private readonly MailServer _server;

    public SmtpTests() => _server = new MailServer(_smtp.Port);

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _smtp.DisposeAsync();
    }

    [Fact]
    public async Task A_letter_arrives_as_text_and_as_a_page()
    {
        const string link = "https://login.example.org/account/confirm?id=1&token=abc";

        await SendAsync(new Letter("ada@example.org", "Grüße", $"Zwei <b>\nZeilen.\n\n{link}\n\n.", link));

        var letter = Assert.Single(await _smtp.ReceiveAsync());
        Assert.Equal("\"House\" <no-reply@example.org>", letter.From.ToString());
        Assert.Equal("ada@example.org", letter.To.ToString());
        Assert.Equal("Grüße", letter.Subject);
        Assert.Equal($"Zwei <b>\nZeilen.\n\n{link}\n\n.", letter.TextBody!.ReplaceLineEndings("\n").Trim());
        var page = letter.HtmlBody!.ReplaceLineEndings("\n");
        Assert.Contains("<p>Zwei &lt;b&gt;\nZeilen.</p>", page, StringComparison.Ordinal);
        Assert.Contains(
            "<a href=\"https://login.example.org/account/confirm?id=1&amp;token=abc\">",
            page,
            StringComparison.Ordinal
        );
        Assert.Equal("auto-generated", letter.Headers["Auto-Submitted"]);
    }

    [Fact]
    public async Task The_server_says_who_it_is_when_it_is_told_to()
    {
        await SendAsync(new Letter("ada@example.org", "Hello", "words"));

        await _smtp.ReceiveAsync();

        Assert.Equal("\0postman\0mail-password", _smtp.Credentials);
    }

    [Fact]
    public async Task A_letter_waits_until_the_mail_server_takes_it_and_goes_once()
    {
        _smtp.RecipientAnswer = "451 try again later";
        await SendAsync(new Letter("ada@example.org", "Hello", "words"));
        await UntilAsync(letters => letters.SingleOrDefault()?.Attempts == 1 && _smtp.Conversations == 1);

        _smtp.RecipientAnswer = "250 ok";
        _server.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Single(await _smtp.ReceiveAsync());
        await UntilAsync(letters => letters.Count == 0);
    }

    [Fact]
    public async Task A_letter_to_nobody_is_dropped_and_holds_up_no_other()
    {
        _smtp.RecipientAnswer = "550 no such person";
        await SendAsync(new Letter("nobody@example.org", "Hello", "words"));
        await UntilAsync(letters => letters.Count == 0);

        _smtp.RecipientAnswer = "250 ok";
        await SendAsync(new Letter("ada@example.org", "Hello", "words"));

        Assert.Equal("ada@example.org", Assert.Single(await _smtp.ReceiveAsync()).To.ToString());
    }

    [Fact]
    public async Task A_letter_that_cannot_leave_for_a_day_is_given_up()
    {
        _smtp.RecipientAnswer = "451 try again later";
        await SendAsync(new Letter("ada@example.org", "Hello", "words"));
        await UntilAsync(letters => letters.SingleOrDefault()?.Attempts == 1 && _smtp.Conversations == 1);

        _server.Clock.Advance(TimeSpan.FromHours(25));

        await UntilAsync(letters => letters.Count == 0);
        Assert.Empty(_smtp.Letters);
    }

    [Fact]
    public async Task A_letter_survives_a_server_that_stops_before_it_left()
    {
        using var folder = new Folder();
        var database = Path.Combine(folder.Path, "kept.db");
        _smtp.RecipientAnswer = "451 try again later";
        await using (var first = new MailServer(_smtp.Port, database))
        {
            await first.InitializeAsync();
            await SendAsync(new Letter("ada@example.org", "Hello", "words"), first);
        }

        _smtp.RecipientAnswer = "250 ok";
        await using var second = new MailServer(_smtp.Port, database);
        second.Clock.Advance(TimeSpan.FromMinutes(5));
        await second.InitializeAsync();

        Assert.Single(await _smtp.ReceiveAsync());
    }

    [Fact]
    [Trait("Requirement", "C-52")]
    public async Task A_mail_server_that_says_nothing_delays_no_answer_and_tells_nothing()
    {
        _smtp.Stalls = true;
        await _server.AddAccountAsync("known@example.org");

        var first = await RegisterAsync("new@example.org");
        var second = await RegisterAsync("known@example.org");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first, second));
        Assert.Equal(2, (await LettersAsync()).Count);
    }

    [Fact]
    public async Task A_letter_in_the_database_tells_nobody_its_link()
    {
        _smtp.Stalls = true;

        await SendAsync(new Letter("ada@example.org", "Hello", "the-link-that-opens", "the-link-that-opens"));

        var row = Assert.Single(await LettersAsync());
        Assert.DoesNotContain("the-link", Encoding.Latin1.GetString(row.Sealed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_whose_certificate_nobody_vouches_for_gets_no_letter()
    {
        await using var impostor = new SmtpServer(startTls: true);
        await using var server = new MailServer(impostor.Port);
        await server.InitializeAsync();

        await SendAsync(new Letter("ada@example.org", "Hello", "words"), server);

        await UntilAsync(letters => letters.SingleOrDefault()?.Attempts == 1, server);
        await UntilAsync(letters => letters.Single().NextAttemptAt < Soon(server), server);
        Assert.Empty(impostor.Letters);
        Assert.Null(impostor.Credentials);
    }

    [Theory]
    [InlineData("mail.example.org", 587, SecureSocketOptions.StartTls)]
    [InlineData("mail.example.org", 25, SecureSocketOptions.StartTls)]
    [InlineData("192.0.2.1", 25, SecureSocketOptions.StartTls)]
    [InlineData("localhost.example.org", 25, SecureSocketOptions.StartTls)]
    [InlineData("mail.example.org", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("localhost", 25, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("::1", 25, SecureSocketOptions.StartTlsWhenAvailable)]
    public void Only_this_machine_is_spoken_to_in_the_clear(
        string host,
        int port,
        SecureSocketOptions expected
    ) => Assert.Equal(expected, SmtpSecurity.For(host, port));

    private async Task<HttpStatusCode> RegisterAsync(string email)
    {
        using var answer = await _server.Http.PostAsJsonAsync(
            "api/account/register",
            new
            {
                email,
                password = People.Password,
                name = "Ada Lovelace",
            }
        );
        return answer.StatusCode;
    }

    private async Task SendAsync(Letter letter, Server? from = null)
    {
        await using var scope = (from ?? _server).Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Outbox>().Add(letter);
        await scope.ServiceProvider.GetRequiredService<AuthDb>().SaveChangesAsync();
    }

    // While it is in somebody's hands it is held for longer.
    private static DateTime Soon(Server server) => server.Clock.GetUtcNow().UtcDateTime.AddMinutes(1);

    private Task<List<OutgoingLetter>> LettersAsync(Server? from = null) =>
        (from ?? _server).WithDbAsync(db => db.OutgoingLetters.AsNoTracking().ToListAsync());

    private async Task UntilAsync(Func<List<OutgoingLetter>, bool> isSo, Server? at = null)
    {
        for (var tries = 0; tries < 3000; tries++)
        {
            if (isSo(await LettersAsync(at)))
            {
                return;
            }

            await Task.Delay(10);
        }

        throw new TimeoutException("The outbox does not come to that state.");
    }
}
