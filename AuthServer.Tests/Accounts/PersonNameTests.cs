using AuthServer.Accounts;

namespace AuthServer.Tests.Accounts;

[Trait("Requirement", "C-80")]
public class PersonNameTests
{
    [Theory]
    [InlineData("Al")]
    [InlineData("Ada Lovelace")]
    [InlineData("Sinéad O'Connor")]
    [InlineData("Sinéad O’Connor")]
    [InlineData("Jean-Luc Ponty")]
    [InlineData("Martin Luther King Jr.")]
    [InlineData("Nguyễn Văn An")]
    [InlineData("Zoe\u0308 Kravitz")]
    [InlineData("Лев Толстой")]
    [InlineData("王小明")]
    [InlineData("\U00020BB7野家")]
    [InlineData("محمد علي")]
    [InlineData("अमिताभ बच्चन")]
    [InlineData("Hawaiʻi Kāne")]
    public void Names_of_real_people_are_accepted(string name) => Assert.Empty(PersonName.Broken(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("A")]
    [InlineData(" A ")]
    [InlineData("--")]
    [InlineData("<b>Ada</b>")]
    [InlineData("Ada & Eve")]
    [InlineData("Ada\nLovelace")]
    [InlineData("Ada\0Lovelace")]
    [InlineData("Ada\u202eLovelace")]
    [InlineData("Ada\u2067Lovelace")]
    [InlineData("Ada\u200bLovelace")]
    [InlineData("Ada\u2028Lovelace")]
    [InlineData("\u0301Ada")]
    [InlineData("http://evil.example/")]
    [InlineData("ada@example.org")]
    [InlineData("{{name}}")]
    [InlineData("Ada 😀")]
    public void What_is_no_name_is_refused(string? name) => Assert.NotEmpty(PersonName.Broken(name));

    [Theory]
    [InlineData('\ud800')]
    [InlineData('\udc00')]
    [InlineData('\ufffe')]
    public void Half_a_character_is_refused(char half) => Assert.NotEmpty(PersonName.Broken($"Ada{half}"));

    [Fact]
    public void The_length_is_counted_in_characters()
    {
        var rare = string.Concat(Enumerable.Repeat("\U00020BB7", 100));

        Assert.Empty(PersonName.Broken(rare));
        Assert.NotEmpty(PersonName.Broken(rare + "a"));
    }
}
