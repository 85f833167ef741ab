using AuthServer.Limits;
using Microsoft.Extensions.Configuration;

namespace AuthServer.Tests.Limits;

public sealed class LimitsOptionsTests
{
    [Fact]
    public void Nothing_said_is_a_sound_configuration()
    {
        Assert.Empty(Mistakes());
    }

    [Theory]
    [InlineData("RateLimits:Global:PermitLimit", "0", "RateLimits:Global:PermitLimit must be at least 1")]
    [InlineData("RateLimits:PerUser:PermitLimit", "-1", "RateLimits:PerUser:PermitLimit must be at least 1")]
    [InlineData(
        "RateLimits:PerClient:Window",
        "00:00:00",
        "RateLimits:PerClient:Window must be more than zero"
    )]
    [InlineData("RateLimits:SignInFailures:Window", "2.00:00:00", "at most a day")]
    [InlineData(
        "RateLimits:ExemptNetworks:0",
        "10.0.0.0/33",
        "RateLimits:ExemptNetworks holds '10.0.0.0/33'"
    )]
    [InlineData("RateLimits:ExemptNetworks:0", "intranet", "write a network as CIDR")]
    public void A_mistake_is_told_by_the_name_of_its_setting(string key, string value, string sentence)
    {
        Assert.Contains(sentence, Assert.Single(Mistakes((key, value))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("localhost:6379,password=x,ssl=true", true)]
    [InlineData("localhost:6379,nonsense=1", false)]
    [InlineData(",,", false)]
    public void A_connection_string_is_read_at_the_start(string text, bool isSound)
    {
        Assert.Equal(isSound, new RedisOptions { ConnectionString = text }.IsSound);
    }

    private static IEnumerable<string> Mistakes(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))
            )
            .Build();
        var options = new LimitsOptions();
        configuration.GetSection("RateLimits").Bind(options);
        return new LimitsOptionsCheck().Validate(null, options).Failures ?? [];
    }
}
