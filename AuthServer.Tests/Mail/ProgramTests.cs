using System.Globalization;
using System.Net.Http.Json;
using AuthServer.Tests.Support;
using MimeKit;

namespace AuthServer.Tests.Mail;

/// <summary>What the program itself does with letters, with the settings and the folder that it has by itself.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task In_development_a_letter_is_a_file_and_its_link_stands_in_the_log()
    {
        await using var server = await StartAsync();

        await RegisterAsync(server);

        await server.SaysAsync("Letter to a…@example.org: Confirm your address");
        var file = Assert.Single(Directory.GetFiles(_folder.At("App_Data/mail"), "*.eml"));
        using var letter = await MimeMessage.LoadAsync(file);
        await server.SaysAsync(Inbox.LinkIn(letter.TextBody!));
    }

    [Fact]
    public async Task A_letter_that_no_mail_server_took_is_sent_by_the_program_that_comes_after_one_that_was_killed()
    {
        await using (var dead = await StartAsync(MailAt(Ports.Next())))
        {
            await RegisterAsync(dead);
            await dead.SaysAsync("waits after attempt 1");
            // Disposal kills it.
        }

        await using var smtp = new SmtpServer();
        await using var next = await StartAsync(MailAt(smtp.Port));

        Assert.Equal("ada@example.org", Assert.Single(await smtp.ReceiveAsync()).To.ToString());
    }

    private static string[] MailAt(int port) =>
        [
            "--Mail:Host=127.0.0.1",
            $"--Mail:Port={port.ToString(CultureInfo.InvariantCulture)}",
            "--Mail:From=no-reply@example.org",
        ];

    private async Task<AuthServerProcess> StartAsync(params string[] settings)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Accounts__RequireConfirmedEmail"] = "true",
            ["Passwords__BcryptCost"] = "4",
        };
        var server = AuthServerProcess.Start(_folder.Path, environment, settings);
        await server.ReadyAsync();
        return server;
    }

    private static async Task RegisterAsync(AuthServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var answer = await http.PostAsJsonAsync(
            "api/account/register",
            new
            {
                email = "ada@example.org",
                password = People.Password,
                name = "Ada Lovelace",
            }
        );
        answer.EnsureSuccessStatusCode();
    }
}
