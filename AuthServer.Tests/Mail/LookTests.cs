using AuthServer.Mail;
using AuthServer.Tests.Support;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Mail;

/// <summary>A letter as a mail program shows it.</summary>
[Collection(BrowserTests.Name)]
public class LookTests(Chromium chromium)
{
    [BrowserFact]
    public async Task On_a_phone_a_letter_is_as_wide_as_the_phone_whatever_its_link()
    {
        var link = "https://login.example.org/account/reset?token=" + new string('x', 400);
        var composer = new Composer(Options.Create(new MailOptions()), TimeProvider.System);
        using var letter = composer.Compose(
            new Letter("ada@example.org", "Hello", $"Hello,\n\n{link}", link)
        );
        var page = await chromium.OpenAsync(
            new()
            {
                IsMobile = true,
                ViewportSize = new() { Width = 360, Height = 640 },
            }
        );

        await page.SetContentAsync(letter.HtmlBody!);

        Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Context.DisposeAsync();
    }
}
