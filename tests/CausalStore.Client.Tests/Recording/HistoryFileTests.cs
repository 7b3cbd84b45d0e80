using CausalStore.Client.Recording;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Recording;

public sealed class HistoryFileTests : IDisposable
{
    private const string Whole = """{"session":"alice","ops":[["r","x",null,null]]}""";

    private readonly HistoryPath _path = new();
    private readonly HistoryFile _file;

    public HistoryFileTests() => _file = new HistoryFile(_path.File);

    [Fact]
    public void It_is_begun_or_gone_on_with()
    {
        _file.Prepare();
        Assert.Equal("", File.ReadAllText(_path.File));

        _file.Append("one");
        new HistoryFile(_path.File).Append("two");
        _file.Append("three");

        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(_path.File));
    }

    [Fact]
    public void A_name_that_anybody_has_is_not_given_again()
    {
        _path.Write(Whole + "\n\n" + """{"ops":[["r","x",null]], "session": "alice~2"}""" + "\n");

        Assert.Equal("alice~3", _file.AppendFirst("alice", LineOf));
        Assert.Equal("alice~4", new HistoryFile(_path.File).AppendFirst("alice", LineOf));
        Assert.Equal("alice~5", _file.AppendFirst("alice", LineOf));
        Assert.Equal("bob", _file.AppendFirst("bob", LineOf));
        Assert.Equal(LineOf("bob"), _path.Lines[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(10_000)]
    public void What_a_crash_left_of_a_line_is_cut_off(int left)
    {
        string torn = """{"session":"alice","ops":[["w","x",""" + "\"" + new string('v', 20_000);
        File.WriteAllText(_path.File, Whole + "\n" + torn[..left]);

        _file.Append(Whole);

        Assert.Equal([Whole, Whole], _path.Lines);
    }

    [Fact]
    public void Also_where_it_was_the_only_one()
    {
        File.WriteAllText(_path.File, Whole[..20]);

        _file.Prepare();

        Assert.Equal("", File.ReadAllText(_path.File));
    }

    [Theory]
    [InlineData("Dear diary")]
    [InlineData("Dear diary\n")]
    [InlineData(Whole + "\nDear diary")]
    [InlineData("[]\n")]
    [InlineData("{}\n")]
    public void What_is_no_history_is_refused_and_left_as_it_is(string text)
    {
        File.WriteAllText(_path.File, text);

        var error = Assert.Throws<IOException>(_file.Prepare);

        Assert.Contains("record to another file", error.Message);
        Assert.Equal(text, File.ReadAllText(_path.File));
    }

    public void Dispose() => _path.Dispose();

    private static string LineOf(string name) => $$"""{"session":"{{name}}","ops":[["r","x",null]]}""";
}
