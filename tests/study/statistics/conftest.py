"""What the tests of statistics share: the articles of XQuAD-R."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

# an example may take long on a busy machine
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# questions of each article
SIZES = [74, 39, 36, 35, 32, 30, 26, *[25] * 11, *[24] * 9, *[23] * 7, 22, 22, *[21] * 5]
SIZES += [20, 19, 19, 18, 17, 16, 8]


@pytest.fixture(scope="session")
def articles() -> pd.Series:
    """Article of each question, as many questions in each as XQuAD-R has."""
    names = np.repeat([f"article {number}" for number in range(len(SIZES))], SIZES)
    return pd.Series(names, index=[f"question {number}" for number in range(len(names))])
