using System.Net;
using AuthServer.Limits;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Limits;

[Trait("Requirement", "C-56")]
public class LaneTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task An_address_is_a_newcomer_once()
    {
        Assert.Equal(Lane.Newcomer, await LaneOfAsync("192.0.2.1"));
        Assert.Equal(Lane.Other, await LaneOfAsync("192.0.2.1"));
        Assert.Equal(Lane.Newcomer, await LaneOfAsync("192.0.2.2"));

        server.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(Lane.Newcomer, await LaneOfAsync("192.0.2.1"));
    }

    [Fact]
    public async Task A_browser_that_the_account_knows_is_no_stranger_from_anywhere()
    {
        Assert.Equal(Lane.Known, await LaneOfAsync("192.0.2.3", "device"));
        Assert.Equal(Lane.Known, await LaneOfAsync("192.0.2.3", "device"));
    }

    [Fact]
    public async Task Who_was_right_is_a_newcomer_again()
    {
        var guesses = server.Services.GetRequiredService<GuessBudget>();
        var guess = await guesses.ReserveAsync(IPAddress.Parse("192.0.2.4"), "ada@example.org", null, null);

        guess.WasRight();

        Assert.Equal(Lane.Newcomer, await LaneOfAsync("192.0.2.4"));
    }

    private async Task<Lane> LaneOfAsync(string address, string? device = null)
    {
        var guesses = server.Services.GetRequiredService<GuessBudget>();
        var guess = await guesses.ReserveAsync(IPAddress.Parse(address), "ada@example.org", device, null);
        return guess.Lane;
    }
}
