namespace CausalStore.Server.Tests;

public sealed class QuestionsTests
{
    [Fact]
    public void An_answer_may_have_spaces_around_it() =>
        Assert.Equal(5, new Questions(_ => " 5 ").Ask("Server port: ", OptionWords.Port, "is a port"));

    [Fact]
    public void A_bad_answer_is_explained_and_the_question_asked_again()
    {
        Queue<string> answers = new(["x", "7"]);
        List<string> asked = [];

        int? port = new Questions(Ask).Ask("Server port: ", OptionWords.Port, "is a port");

        Assert.Equal(7, port);
        Assert.Equal(["Server port: ", $"That is a port.{Environment.NewLine}Server port: "], asked);

        string? Ask(string question)
        {
            asked.Add(question);
            return answers.Dequeue();
        }
    }

    [Fact]
    public void The_end_of_the_answers_is_wrong_usage()
    {
        Questions questions = new(_ => null);

        Assert.Throws<UsageException>(() => questions.Ask("Server ID: ", OptionWords.Id, "is an id"));
    }
}
