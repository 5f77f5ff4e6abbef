"""From values to words: safe text, numbers in one locale, sentences, periods, definitions. Knows no Streamlit."""
