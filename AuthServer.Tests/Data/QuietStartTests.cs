using System.Net;
using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Tests.Support;
using AuthServer.Upkeep;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Data;

/// <summary>What a start costs when everything is as it was: not the half second, nor the memory, that EF takes to be ready.</summary>
public sealed class QuietStartTests(Server served) : IClassFixture<Server>
{
    [Fact]
    public async Task A_server_that_starts_again_and_gives_clients_their_tokens_needs_no_context()
    {
        await using var again = new WatchedServer(served);
        await again.InitializeAsync();

        var first = await RelyingParty.Report(again).ClientCredentialsAsync();
        var second = await RelyingParty.Report(again).ClientCredentialsAsync();
        using var metadata = await again.Http.GetAsync(".well-known/openid-configuration");
        using var ready = await again.Http.GetAsync("health/ready");
        await again.PassAsync();

        Assert.All([first, second], answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.All([metadata, ready], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.False(again.HasMadeContext);
        using var page = await again.Http.GetAsync("account/login");
        using var browser = await again.SignedInAsync();
        Assert.True(again.HasMadeContext, "People need one, or the test sees nothing.");
    }

    private sealed class WatchedServer(Server twin) : Server
    {
        public bool HasMadeContext { get; private set; }

        protected override Server Twin => twin;

        /// <summary>Does at once what is done every second or minute.</summary>
        public async Task PassAsync()
        {
            await Services.GetRequiredService<PruningTurn>().PassAsync(CancellationToken.None);
            await Services.GetRequiredService<AuditKeeper>().PassAsync(isLast: true, CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(2.5));
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services =>
            {
                // Whoever is declared is looked for at every start.
                services.PostConfigure<UsersOptions>(users => users.Read(new ConfigurationBuilder().Build()));
                // A context is made with its interceptors.
                services.AddSingleton<IInterceptor>(_ =>
                {
                    HasMadeContext = true;
                    return new Nothing();
                });
            });
        }
    }

    private sealed class Nothing : IInterceptor;
}
