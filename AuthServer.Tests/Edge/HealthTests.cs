using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

public class HealthTests : IAsyncLifetime
{
    private readonly Server _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_is_ready_while_its_database_answers()
    {
        using var answer = await _server.Http.GetAsync("health/ready");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("ready", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_its_database_it_is_not_ready_but_lives()
    {
        File.Delete(Path.Combine(_server.Folder, "test.db"));

        using var ready = await _server.Http.GetAsync("health/ready");
        using var live = await _server.Http.GetAsync("health/live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not ready", await ready.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }
}
