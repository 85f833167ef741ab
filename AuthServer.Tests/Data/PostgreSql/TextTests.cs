using System.Net;
using System.Net.Http.Json;
using AuthServer.Data;
using AuthServer.Data.PostgreSql;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>Text that PostgreSQL does not take is nobody's fault but ours.</summary>
public sealed class TextTests
{
    [Fact]
    public void What_it_cannot_hold_is_replaced()
    {
        // Not as data of a theory: halves of a pair do not survive there.
        var (high, low) = ('\uD83D', '\uDE00');

        Assert.Equal("plain", SoundText.Mended("plain"));
        Assert.Equal("a\uFFFDb", SoundText.Mended("a\0b"));
        Assert.Equal("a\uFFFD", SoundText.Mended($"a{high}"));
        Assert.Equal("\uFFFDa", SoundText.Mended($"{low}a"));
        Assert.Equal($"{high}{low}", SoundText.Mended($"{high}{low}"));
    }

    [Fact]
    public void What_is_cut_ends_in_no_half_of_a_pair()
    {
        Assert.Equal("abc", Text.Cut("abc", 3));
        Assert.Equal("ab", Text.Cut("abc", 2));
        Assert.Equal("a", Text.Cut("a\U0001F600", 2));
        Assert.Equal("a\U0001F600", Text.Cut("a\U0001F600b", 3));
    }

    [PostgreSqlFact]
    public async Task Nothing_in_a_request_makes_it_fail()
    {
        await using var server = new PostgreSqlTestServer();
        await server.InitializeAsync();
        var name = "a\0b";

        using var registered = await server.Http.PostAsJsonAsync(
            "api/account/register",
            new
            {
                email = "nul@example.org",
                password = People.Password,
                name = "N\0l",
            }
        );

        Assert.True(registered.StatusCode < HttpStatusCode.InternalServerError);
        Assert.Equal(
            "a\uFFFDb",
            await server.WithDbAsync(async db =>
            {
                db.Secrets.Add(new Secret { Name = name, Protected = [1] });
                await db.SaveChangesAsync();
                return await db.Secrets.Where(row => row.Name == name).Select(row => row.Name).SingleAsync();
            })
        );
    }
}
