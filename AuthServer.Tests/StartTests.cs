using AuthServer.Tests.Support;

namespace AuthServer.Tests;

public class StartTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task It_says_that_it_lives()
    {
        using var answer = await server.Http.GetAsync("health/live");

        Assert.Equal("live", await answer.Content.ReadAsStringAsync());
    }
}
